"""How each kind of resource is read from its own service."""

from __future__ import annotations

from collections.abc import Mapping

from ops.audit.readers import (
    buckets,
    consoles,
    firewalls,
    functions,
    messages,
    policies,
    releases,
    rest_apis,
    tables,
    watching,
)
from ops.audit.readers.reading import Reader

READERS: Mapping[str, Reader] = {
    "AWS::DynamoDB::Table": tables.TABLE,
    "AWS::Lambda::Function": functions.FUNCTION,
    "AWS::Lambda::EventSourceMapping": functions.EVENT_SOURCE,
    "AWS::Lambda::Url": functions.URL,
    "AWS::Lambda::Permission": functions.PERMISSION,
    "AWS::Lambda::LayerVersion": functions.LAYER,
    "AWS::Lambda::Version": releases.VERSION,
    "AWS::Lambda::Alias": releases.LAMBDA_ALIAS,
    "AWS::CodeDeploy::Application": releases.APPLICATION,
    "AWS::CodeDeploy::DeploymentGroup": releases.DEPLOYMENT_GROUP,
    "AWS::SQS::Queue": messages.QUEUE,
    "AWS::SQS::QueuePolicy": messages.QUEUE_POLICY,
    "AWS::SNS::Topic": messages.TOPIC,
    "AWS::SNS::Subscription": messages.SUBSCRIPTION,
    "AWS::Scheduler::Schedule": messages.SCHEDULE,
    "AWS::CloudWatch::Alarm": watching.ALARM,
    "AWS::CloudWatch::Dashboard": watching.DASHBOARD,
    "AWS::Logs::LogGroup": watching.LOG_GROUP,
    "AWS::Logs::QueryDefinition": watching.QUERY,
    "AWS::IAM::Role": policies.ROLE,
    "AWS::SecretsManager::Secret": policies.SECRET,
    "AWS::KMS::Key": policies.KEY,
    "AWS::KMS::Alias": policies.ALIAS,
    "AWS::S3::Bucket": buckets.BUCKET,
    "AWS::S3::BucketPolicy": buckets.BUCKET_POLICY,
    "AWS::S3Vectors::VectorBucket": buckets.VECTOR_BUCKET,
    "AWS::Cognito::UserPool": consoles.USER_POOL,
    "AWS::Cognito::UserPoolClient": consoles.USER_POOL_CLIENT,
    "AWS::Cognito::UserPoolGroup": consoles.USER_POOL_GROUP,
    "AWS::ApiGateway::RestApi": rest_apis.REST_API,
    "AWS::ApiGateway::Stage": rest_apis.STAGE,
    "AWS::ApiGateway::Deployment": rest_apis.DEPLOYMENT,
    "AWS::WAFv2::WebACL": firewalls.WEB_ACL,
    "AWS::WAFv2::WebACLAssociation": firewalls.WEB_ACL_ASSOCIATION,
}
