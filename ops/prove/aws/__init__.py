"""An AWS inside the process: what the functions ask of DynamoDB, SQS, SNS and Secrets Manager, answered at the wire.

Not a mock of the adapters: boto3 builds the requests and reads the answers. What is not modelled is refused loudly.
"""
