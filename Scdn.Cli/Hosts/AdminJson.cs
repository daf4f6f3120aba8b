using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Hosts;

/// <summary>JSON as the admin server speaks it: camel case.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(IReadOnlyList<ContentStatus>))]
[JsonSerializable(typeof(Page<UserSummary>))]
[JsonSerializable(typeof(AddUserRequest))]
[JsonSerializable(typeof(UserLimits))]
[JsonSerializable(typeof(ContentLimits))]
[JsonSerializable(typeof(IReadOnlyList<DeviceSummary>))]
[JsonSerializable(typeof(EntitlementRequest))]
[JsonSerializable(typeof(EntitlementSummary))]
[JsonSerializable(typeof(Page<EntitlementSummary>))]
[JsonSerializable(typeof(AddOperatorRequest))]
[JsonSerializable(typeof(ConfigurationAnswer))]
[JsonSerializable(typeof(ConfigurationEdit))]
[JsonSerializable(typeof(ConfigurationRevert))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationChange>))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(OperatorSummary))]
[JsonSerializable(typeof(SetPasswordRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(OperatorSignInRequest))]
[JsonSerializable(typeof(OperatorSignInAnswer))]
[JsonSerializable(typeof(AddTokenRequest))]
[JsonSerializable(typeof(AddedToken))]
[JsonSerializable(typeof(IReadOnlyList<TokenSummary>))]
[JsonSerializable(typeof(IReadOnlyList<OperatorSummary>))]
[JsonSerializable(typeof(Page<SessionSummary>))]
[JsonSerializable(typeof(EndedSessions))]
[JsonSerializable(typeof(AddSessionRequest))]
[JsonSerializable(typeof(IssueKeyRequest))]
[JsonSerializable(typeof(IssuedKeySummary))]
[JsonSerializable(typeof(VerifyKeyRequest))]
[JsonSerializable(typeof(KeyStatus))]
[JsonSerializable(typeof(IReadOnlyList<ServerStatus>))]
[JsonSerializable(typeof(IReadOnlyList<HostStatus>))]
[JsonSerializable(typeof(JoinTokenAnswer))]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<LoggedRecord>))]
[JsonSerializable(typeof(IReadOnlyList<PlaySummary>))]
[JsonSerializable(typeof(PlayExplanation))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(KeyDeposit))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>A content's key on its way into the gateway's store.</summary>
internal sealed record KeyDeposit(ContentId Content, int Version, byte[] Key);

/// <summary>Why a host refused (RFC 9457).</summary>
internal sealed record Problem(string? Title, string? Detail);
