using Scdn.Cli.Publishers;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Output;

// What commands print with --json. Names are in snake case there; a field that does not apply is left out.

/// <summary>Why there is no result.</summary>
internal sealed record ErrorOutput(string Error);

/// <summary>What <c>split</c> made.</summary>
internal sealed record SplitOutput(
    ContentId Content, int Version, string Title, string Container, long Length, string Sha256, string Protection, int Parts, long StoredBytes, string Header, string? KeyFile, long KeptBytes);

/// <summary>What <c>split</c> made of several files: those that it split, those that were split before, and those that could not be.</summary>
internal sealed record SplitManyOutput(IReadOnlyList<SplitOutput> Split, IReadOnlyList<string> SplitBefore, IReadOnlyList<SplitFailure> Failed);

/// <summary>A file that could not be split, and why.</summary>
internal sealed record SplitFailure(string File, string Error);

/// <summary>What <c>merge</c> restored, and how much of it an earlier run that was interrupted had.</summary>
internal sealed record MergeOutput(ContentId Content, string File, long Length, string Sha256, long KeptBytes);

/// <summary>A content that is whole.</summary>
internal sealed record VerifyOutput(ContentId Content, int Parts, long StoredBytes, long Length, string Sha256);

/// <summary>A content that starts from its head alone, and what seeks in it needed besides.</summary>
internal sealed record VerifyPlayOutput(int Streams, long HeadBytes, int HeadRanges, bool ByView, IReadOnlyList<VerifiedSeek> Seeks);

/// <summary>A seek, and the bytes besides the head that were enough for it.</summary>
internal sealed record VerifiedSeek(double Seconds, long Bytes);

/// <summary>What somebody without the key recovers of a content, at best, and of how much; where it was cut when only its beginning was scored.</summary>
internal sealed record ScoreOutput(
    ContentId Content, long Length, long EncryptedBytes, RecoveredOutput Recovered, RecoveredOutput Total, double? CutAtSeconds, IReadOnlyList<AttackOutput> Attacks, string Note);

/// <summary>Seconds of picture and of sound.</summary>
internal sealed record RecoveredOutput(double PictureSeconds, double SoundSeconds);

/// <summary>What one attack recovered, and whether it took too long and was ended.</summary>
internal sealed record AttackOutput(string Name, RecoveredOutput Recovered, bool Ended);

/// <summary>What a header says.</summary>
internal sealed record InspectOutput(
    ContentId Content,
    int Version,
    string Publisher,
    bool OwnPublisher,
    Standing Standing,
    string? PublisherName,
    bool IsSealed,
    string HeaderSha256,
    long StoredBytes,
    IReadOnlyList<InspectedPart> Parts,
    InspectedManifest? Sealed);

/// <summary>A part of a header; what it is for and its extents (offset, length) only when the header could be opened.</summary>
internal sealed record InspectedPart(PartId Id, long StoredLength, bool Encrypted, string Root, string? Kind, IReadOnlyList<long[]>? Extents);

/// <summary>A key frame: when it is shown, where it starts, and the extents (offset, length) that a seek to it reads.</summary>
internal sealed record InspectedKeyFrame(double Seconds, long Offset, IReadOnlyList<long[]> Extents);

/// <summary>What only the content key shows.</summary>
internal sealed record InspectedManifest(
    string Title,
    string MediaType,
    string Container,
    long Length,
    double DurationSeconds,
    string Sha256,
    int HeadParts,
    int HeadRanges,
    long HeadBytes,
    IReadOnlyList<InspectedKeyFrame> KeyFrames,
    long? ViewLead,
    string? Note,
    int InlineHeadBytes,
    IReadOnlyList<PartId> Order);

/// <summary>A publisher's key that was made; of a rotation also the former publisher and the succession's file.</summary>
internal sealed record KeygenOutput(PublisherId Publisher, string KeyFile, PublisherId? Former = null, string? SuccessionFile = null);

/// <summary>A publisher who is trusted from now on; by a succession also whom they succeed.</summary>
internal sealed record TrustOutput(PublisherId Publisher, string? Name, PublisherId? Former = null);

/// <summary>Something was done to something.</summary>
internal sealed record DoneOutput(string Id, string Done);

/// <summary>A cluster that was started.</summary>
internal sealed record ClusterUpOutput(Uri Control, string TokenFile, string ContentFolder, IReadOnlyList<HostOutput> Hosts);

/// <summary>A host that was started.</summary>
internal sealed record HostOutput(string Name, Uri Uri, int Pid);

/// <summary>How many hosts were stopped, and how many of them had to be killed.</summary>
internal sealed record ClusterDownOutput(int Stopped, int Killed);

/// <summary>What was published.</summary>
internal sealed record PublishOutput(ContentId Content, int Version, string Title, int Parts, long StoredBytes);

/// <summary>An authentication key that was issued; the key itself is in the file.</summary>
internal sealed record IssuedKeyOutput(KeyId Id, DateTimeOffset Expires, IReadOnlyList<ServerId> Servers, string File);

/// <summary>A join token that was made; the token itself is in the file.</summary>
internal sealed record JoinTokenOutput(string File, DateTimeOffset Expires);

/// <summary>Where another player finds a content.</summary>
internal sealed record AddressOutput(Uri Url);

/// <summary>What the demo measured.</summary>
/// <param name="Ok">Whether it was played whole without a stall, over a server that was killed, restored identically, and nothing was left behind.</param>
/// <param name="Failures">Each thing that was not so, in one sentence; empty when all was.</param>
/// <param name="FirstFrameMs">From asking to play to the first frame.</param>
/// <param name="BeganMs">From asking to play until the picture began to move.</param>
/// <param name="Stalls">Times that the next frame was not there when it was due.</param>
/// <param name="StallMs">Milliseconds that these took together.</param>
/// <param name="Failovers">Times that a server in use had to be left.</param>
/// <param name="BytesByServer">Bytes that came from each server.</param>
/// <param name="FetchedRatio">Fetched bytes by the content's bytes.</param>
/// <param name="MergedIdentical">Whether merging gave the original back.</param>
/// <param name="SyncMs">From publishing until all content servers held it.</param>
/// <param name="Killed">The server that was killed.</param>
/// <param name="KilledAtRatio">Fetched bytes by the content's bytes at that moment.</param>
/// <param name="BillingAsked">How often billing was asked.</param>
/// <param name="Speed">Times real time that it was played at.</param>
/// <param name="PlayedSeconds">How much was played.</param>
/// <param name="Seconds">How long all of it took.</param>
internal sealed record DemoOutput(
    bool Ok,
    IReadOnlyList<string> Failures,
    long? FirstFrameMs,
    long? BeganMs,
    int Stalls,
    long StallMs,
    int Failovers,
    IReadOnlyDictionary<string, long> BytesByServer,
    double FetchedRatio,
    bool MergedIdentical,
    long SyncMs,
    string? Killed,
    double? KilledAtRatio,
    int BillingAsked,
    double Speed,
    double PlayedSeconds,
    double Seconds);

/// <summary>What happened in a play: a summary, and all that is known of it.</summary>
internal sealed record ExplainOutput(string Summary, PlayExplanation Explanation);

/// <summary>An operator's token that was made, without itself: it is in the file.</summary>
internal sealed record TokenAddedOutput(string Id, string Name, OperatorRole Role, IReadOnlyList<OperatorScope>? Scopes, DateTimeOffset? Expires, string? Account, string File);

/// <summary>Who is signed in, where, and until when.</summary>
internal sealed record LoginOutput(Uri Control, string User, OperatorRole Role, DateTimeOffset Expires);
