"""The API that plays the customer, orders faults and tells what happened."""
