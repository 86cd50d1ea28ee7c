"""Functions, what calls them, and who may do what."""

from __future__ import annotations

import io
import json
import zipfile

from tests.operations.breaks.registry import NAME, Breaker, breaks

# Of those that nothing has called: the local AWS first ends the workers of the others, which takes it seconds.


@breaks("drifted", "AdminGuiFunction", "Timeout")
def _lower_a_time_out(at: Breaker) -> None:
    at.function("admin-gui", Timeout=3)


@breaks("drifted", "TenantAdminApiFunction", "Runtime")
def _another_runtime(at: Breaker) -> None:
    at.function("tenant-admin-api", Runtime="python3.11")


@breaks("drifted", "MediaHandlerFunction", "MemorySize")
def _less_memory(at: Breaker) -> None:
    at.function("media-handler", MemorySize=256)


@breaks("drifted", "AdminDashboardFunction", "Layers")
def _take_a_layer_away(at: Breaker) -> None:
    at.function("admin-dashboard", Layers=[])


@breaks("drifted", "AdminGuiFunction", "Environment.Variables.TENANTS_TABLE")
def _another_environment(at: Breaker) -> None:
    told = at.aws("lambda").get_function_configuration(FunctionName=NAME.format("admin-gui"))
    variables = {**told["Environment"]["Variables"], "TENANTS_TABLE": "ai-marketplace-tenants"}
    at.function("admin-gui", Environment={"Variables": variables})


@breaks("drifted", "MediaHandlerFunction", "Environment.Variables.DEBUG")
def _one_variable_more(at: Breaker) -> None:
    told = at.aws("lambda").get_function_configuration(FunctionName=NAME.format("media-handler"))
    at.function("media-handler", Environment={"Variables": {**told["Environment"]["Variables"], "DEBUG": "1"}})


@breaks("drifted", "MessageHandlerFunction", "ReservedConcurrentExecutions")
def _reserve_concurrency(at: Breaker) -> None:
    at.aws("lambda").put_function_concurrency(
        FunctionName=NAME.format("message-handler"), ReservedConcurrentExecutions=1
    )


@breaks("drifted", "TenantAdminApiFunction", "Code")
def _other_code(at: Breaker) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handlers/tenant_admin_api.py", "def handler(event, context): ...\n")
    at.aws("lambda").update_function_code(FunctionName=NAME.format("tenant-admin-api"), ZipFile=buffer.getvalue())


@breaks("drifted", "WebhookFunctionUrl", "AuthType")
def _close_the_function_url(at: Breaker) -> None:
    at.aws("lambda").update_function_url_config(FunctionName=NAME.format("webhook"), AuthType="AWS_IAM")


@breaks("missing", "WebhookFunctionUrlPublicPermissions")
def _take_a_permission_back(at: Breaker) -> None:
    at.aws("lambda").remove_permission(
        FunctionName=NAME.format("webhook"), StatementId=at.physical["WebhookFunctionUrlPublicPermissions"]
    )


@breaks("drifted", "ReplyHandlerFunctionReplies", "Enabled")
def _stop_an_event_source(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(UUID=at.physical["ReplyHandlerFunctionReplies"], Enabled=False)


@breaks("drifted", "MediaHandlerFunctionMedia", "BatchSize")
def _larger_batches(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(UUID=at.physical["MediaHandlerFunctionMedia"], BatchSize=10)


@breaks("drifted", "StatusHandlerFunctionStatuses", "FunctionResponseTypes")
def _no_partial_failures(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(
        UUID=at.physical["StatusHandlerFunctionStatuses"], FunctionResponseTypes=[]
    )


@breaks("drifted", "MessageHandlerFunctionInbox", "FilterCriteria")
def _filter_an_event_source(at: Breaker) -> None:
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"never": ["sent"]}})}]}
    at.aws("lambda").update_event_source_mapping(
        UUID=at.physical["MessageHandlerFunctionInbox"], FilterCriteria=filters
    )


@breaks("extra", "StatusHandlerFunction", "event source")
def _another_event_source(at: Breaker) -> None:
    at.aws("lambda").create_event_source_mapping(
        FunctionName=NAME.format("status-handler"),
        EventSourceArn=f"arn:aws:sqs:us-east-1:000000000000:{NAME.format('statuses-dlq')}",
        Enabled=False,
    )


# ---- who may do what ----


@breaks("drifted", "EmbedderFunctionRole", "Policies.EmbedderFunctionRolePolicy0.ReadProducts.Resource")
def _widen_a_policy(at: Breaker) -> None:
    where = {"RoleName": at.physical["EmbedderFunctionRole"], "PolicyName": "EmbedderFunctionRolePolicy0"}
    document = at.aws("iam").get_role_policy(**where)["PolicyDocument"]
    document["Statement"] = [
        {**one, "Resource": "*"} if one["Sid"] == "ReadProducts" else one for one in document["Statement"]
    ]
    at.aws("iam").put_role_policy(**where, PolicyDocument=json.dumps(document))


@breaks("drifted", "SweeperFunctionRole", "ManagedPolicyArns")
def _attach_a_policy(at: Breaker) -> None:
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    at.aws("iam").attach_role_policy(RoleName=at.physical["SweeperFunctionRole"], PolicyArn=everything)


@breaks("missing", "PlatformSecret")
def _delete_a_secret(at: Breaker) -> None:
    at.aws("secretsmanager").delete_secret(SecretId=at.physical["PlatformSecret"], ForceDeleteWithoutRecovery=True)


@breaks("missing", "OperatorGroup")
def _delete_the_operators_group(at: Breaker) -> None:
    at.aws("cognito-idp").delete_group(UserPoolId=at.physical["UserPool"], GroupName="operator")


@breaks("drifted", "UserPoolClient", "ExplicitAuthFlows")
def _let_passwords_pass_in_other_ways(at: Breaker) -> None:
    pool, client = at.physical["UserPool"], at.physical["UserPoolClient"]
    told = at.aws("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
    given = at.aws("cognito-idp").meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    kept = {name: value for name, value in told.items() if name in given and value}
    kept["ExplicitAuthFlows"] = [*told["ExplicitAuthFlows"], "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    at.aws("cognito-idp").update_user_pool_client(**kept)
