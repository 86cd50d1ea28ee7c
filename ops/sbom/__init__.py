"""What is deployed, and under which licences: functions and layers, not what an operator or the tests need."""
