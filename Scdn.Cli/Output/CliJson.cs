using System.Text.Json.Serialization;
using Scdn.Cli.Publishers;
using Scdn.Client.Downloads;
using Scdn.Client.Reserving;
using Scdn.Format.Wire;
using Scdn.Player;
using Scdn.Player.Playback;

namespace Scdn.Cli.Output;

/// <summary>JSON as the commands print it: one line, snake case.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ErrorOutput))]
[JsonSerializable(typeof(SplitOutput))]
[JsonSerializable(typeof(SplitManyOutput))]
[JsonSerializable(typeof(MergeOutput))]
[JsonSerializable(typeof(VerifyOutput))]
[JsonSerializable(typeof(VerifyPlayOutput))]
[JsonSerializable(typeof(ScoreOutput))]
[JsonSerializable(typeof(InspectOutput))]
[JsonSerializable(typeof(KeygenOutput))]
[JsonSerializable(typeof(TrustOutput))]
[JsonSerializable(typeof(IReadOnlyList<Signer>))]
[JsonSerializable(typeof(DoneOutput))]
[JsonSerializable(typeof(PlaybackReport))]
[JsonSerializable(typeof(AddressOutput))]
[JsonSerializable(typeof(DownloadSummary))]
[JsonSerializable(typeof(IReadOnlyList<DownloadSummary>))]
[JsonSerializable(typeof(IReadOnlyList<ReservedSummary>))]
[JsonSerializable(typeof(DemoOutput))]
[JsonSerializable(typeof(ClusterUpOutput))]
[JsonSerializable(typeof(ClusterDownOutput))]
[JsonSerializable(typeof(PublishOutput))]
[JsonSerializable(typeof(IssuedKeyOutput))]
[JsonSerializable(typeof(JoinTokenOutput))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(UserSummary))]
[JsonSerializable(typeof(ContentLimits))]
[JsonSerializable(typeof(IReadOnlyList<DeviceSummary>))]
[JsonSerializable(typeof(EntitlementSummary))]
[JsonSerializable(typeof(Page<EntitlementSummary>))]
[JsonSerializable(typeof(OperatorSummary))]
[JsonSerializable(typeof(LoginOutput))]
[JsonSerializable(typeof(TokenAddedOutput))]
[JsonSerializable(typeof(IReadOnlyList<TokenSummary>))]
[JsonSerializable(typeof(ConfigurationAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationChange>))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(IReadOnlyList<OperatorSummary>))]
[JsonSerializable(typeof(Page<UserSummary>))]
[JsonSerializable(typeof(SessionSummary))]
[JsonSerializable(typeof(Page<SessionSummary>))]
[JsonSerializable(typeof(EndedSessions))]
[JsonSerializable(typeof(KeyStatus))]
[JsonSerializable(typeof(IReadOnlyList<ServerStatus>))]
[JsonSerializable(typeof(IReadOnlyList<HostStatus>))]
[JsonSerializable(typeof(IReadOnlyList<ContentStatus>))]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<LoggedRecord>))]
[JsonSerializable(typeof(ExplainOutput))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The context in use.</summary>
    public static CliJson Lines { get; } = new(PlayerJson.NewOptions());
}
