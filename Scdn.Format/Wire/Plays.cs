using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

// What a player tells of a play (docs/http-api.md, "What a player tells"). JSON, camel case; times are milliseconds from the moment when the play was asked for.

/// <summary>What a player knows of a play, from its beginning until now: each report takes the place of the one before.</summary>
/// <param name="Content">What is played.</param>
/// <param name="Play">Which play, as in its <see cref="PlayRequest"/>.</param>
/// <param name="Player">What shows it, such as <c>headless</c> or <c>mpv</c>.</param>
/// <param name="Asked">When it was asked for, by the player's clock.</param>
/// <param name="ElapsedMs">When this was told.</param>
/// <param name="Ended">Whether it is over.</param>
/// <param name="Error">Why it broke off; null: it did not.</param>
/// <param name="GrantMs">When the site had answered.</param>
/// <param name="FirstFrameMs">When the first frame was there; null: it was not, or the player does not tell.</param>
/// <param name="BeganMs">When the picture began to move; null likewise.</param>
/// <param name="Stalls">Times that the picture stood still since; null: the player does not tell.</param>
/// <param name="StallMs">How long, together; null likewise.</param>
/// <param name="WaitedMs">How long reads had to wait, those of 40 ms and more together: what was there before it was shown cost the viewer nothing.</param>
/// <param name="Failovers">Times that a server in use was left.</param>
/// <param name="Hedges">Times that something late was asked for again.</param>
/// <param name="CorruptSegments">Segments that were not what was published.</param>
/// <param name="RefusedRequests">Requests that a server refused for the authentication key.</param>
/// <param name="Renewals">Times that the site named servers anew.</param>
/// <param name="FetchedBytes">Bytes that were fetched.</param>
/// <param name="Servers">The servers that were named or used.</param>
/// <param name="Events">What happened, in the order of time.</param>
/// <param name="Dropped">How many events of the middle are not told, for there were too many.</param>
public sealed record PlayReport(
    ContentId Content,
    Guid Play,
    string Player,
    DateTimeOffset Asked,
    long ElapsedMs,
    bool Ended,
    string? Error,
    long GrantMs,
    long? FirstFrameMs,
    long? BeganMs,
    int? Stalls,
    long? StallMs,
    long WaitedMs,
    int Failovers,
    int Hedges,
    int CorruptSegments,
    int RefusedRequests,
    int Renewals,
    long FetchedBytes,
    IReadOnlyList<PlayServer> Servers,
    IReadOnlyList<PlayEvent> Events,
    int Dropped)
{
    /// <summary>More events are not told.</summary>
    public const int MostEvents = 240;

    /// <summary>More servers are not told.</summary>
    public const int MostServers = 64;

    /// <summary>No text in it is longer.</summary>
    public const int LongestText = 300;
}

/// <summary>A server as a player knew it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; null: a mirror.</param>
/// <param name="Bytes">Bytes that came from it.</param>
/// <param name="Failovers">Times that it was left.</param>
/// <param name="Stalls">Stalls that it was the cause of.</param>
/// <param name="StallMs">How long these were together.</param>
public sealed record PlayServer(string Name, ServerId? Id, long Bytes, int Failovers, int Stalls, long StallMs);

/// <summary>Something that happened in a play.</summary>
/// <param name="AtMs">When; of what took a while, when it began.</param>
/// <param name="Kind">What.</param>
/// <param name="Server">The server that it is about; of a wait and a stall, the one that did not bring what was waited for.</param>
/// <param name="By">Who brought it in the end.</param>
/// <param name="Fault">What was wrong.</param>
/// <param name="SinceMs">Since when that was so: of a server that fell silent or slow, when it had last done what it should.</param>
/// <param name="Ms">How long it took; of a server that was left or late, from <paramref name="SinceMs"/> until another had brought what was next.</param>
/// <param name="Count">How often in a row; null: once.</param>
/// <param name="Place">Where in the content, in seconds.</param>
/// <param name="To">Where a seek went, in seconds.</param>
/// <param name="Servers">The servers that the site named, best first.</param>
/// <param name="Detail">A sentence: why.</param>
public sealed record PlayEvent(
    long AtMs,
    PlayEventKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Server = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? By = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlayFault? Fault = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SinceMs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Ms = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Place = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Servers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);

/// <summary>What can happen in a play.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlayEventKind>))]
public enum PlayEventKind
{
    /// <summary>The site allowed it, and named servers.</summary>
    [JsonStringEnumMemberName("granted")]
    Granted,

    /// <summary>The decoder was started.</summary>
    [JsonStringEnumMemberName("decoder")]
    Decoder,

    /// <summary>The first byte of a part was there.</summary>
    [JsonStringEnumMemberName("first-byte")]
    FirstByte,

    /// <summary>The first frame was there.</summary>
    [JsonStringEnumMemberName("first-frame")]
    FirstFrame,

    /// <summary>The picture began to move.</summary>
    [JsonStringEnumMemberName("began")]
    Began,

    /// <summary>A read had to wait.</summary>
    [JsonStringEnumMemberName("waited")]
    Waited,

    /// <summary>The picture stood still.</summary>
    [JsonStringEnumMemberName("stalled")]
    Stalled,

    /// <summary>A server was left.</summary>
    [JsonStringEnumMemberName("left")]
    Left,

    /// <summary>A server was late, and another was asked for the same.</summary>
    [JsonStringEnumMemberName("late")]
    Late,

    /// <summary>A server that was left is used again.</summary>
    [JsonStringEnumMemberName("back")]
    Back,

    /// <summary>The site gave another authentication key, and named servers anew.</summary>
    [JsonStringEnumMemberName("renewed")]
    Renewed,

    /// <summary>The site gave no other.</summary>
    [JsonStringEnumMemberName("not-renewed")]
    NotRenewed,

    /// <summary>The viewer went elsewhere.</summary>
    [JsonStringEnumMemberName("seeked")]
    Seeked,

    /// <summary>A read was given up.</summary>
    [JsonStringEnumMemberName("gave-up")]
    GaveUp,

    /// <summary>It was over.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}

/// <summary>What was wrong with what was waited for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlayFault>))]
public enum PlayFault
{
    /// <summary>Nobody answered at its address.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>It reset connections.</summary>
    [JsonStringEnumMemberName("reset")]
    Reset,

    /// <summary>It ended an answer early.</summary>
    [JsonStringEnumMemberName("broke-off")]
    BrokeOff,

    /// <summary>It said nothing.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>It sent less than it can.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,

    /// <summary>It answered that it is overloaded or broken.</summary>
    [JsonStringEnumMemberName("busy")]
    Busy,

    /// <summary>It does not have the part as it was published.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>It did not accept the authentication key.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It sent other bytes than were published.</summary>
    [JsonStringEnumMemberName("corrupt")]
    Corrupt,

    /// <summary>None of a server: what was needed was there, and was not decoded in time.</summary>
    [JsonStringEnumMemberName("decoder")]
    Decoder,
}

/// <summary>A play as operators see it in a list.</summary>
/// <param name="Play">Which, as in its <see cref="PlayRequest"/>.</param>
/// <param name="Session">In which session.</param>
/// <param name="User">Whose; empty: nobody known any more.</param>
/// <param name="Content">Of what.</param>
/// <param name="Title">The content's title; empty when it is not known.</param>
/// <param name="Begun">When it was counted.</param>
/// <param name="Told">When its player last told something; null: never.</param>
/// <param name="Stalls">Times that the picture stood still; null: nobody told.</param>
/// <param name="StallMs">How long, together; null likewise.</param>
/// <param name="Failovers">Times that a server in use was left; null likewise.</param>
public sealed record PlaySummary(
    Guid Play, SessionId Session, string User, ContentId Content, string Title, DateTimeOffset Begun, DateTimeOffset? Told, int? Stalls, long? StallMs, int? Failovers);

/// <summary>All that is known of one play.</summary>
/// <param name="Play">Which.</param>
/// <param name="Asked">When it was asked for, as well as it is known: what the report's times count from.</param>
/// <param name="SessionOpened">Since when there is the session; null: it is not known any more.</param>
/// <param name="Keys">Its authentication keys, the first one first.</param>
/// <param name="Served">What content servers answered, by their connection records, the first one first.</param>
/// <param name="Report">What the player told; null: nothing.</param>
public sealed record PlayExplanation(
    PlaySummary Play, DateTimeOffset Asked, DateTimeOffset? SessionOpened, IReadOnlyList<PlayKey> Keys, IReadOnlyList<PlayServed> Served, PlayReport? Report);

/// <summary>An authentication key of a play.</summary>
/// <param name="Id">Which.</param>
/// <param name="Issued">Since when.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="Revoked">When it was revoked; null: it was not.</param>
/// <param name="Servers">The content servers that it is for.</param>
public sealed record PlayKey(KeyId Id, DateTimeOffset Issued, DateTimeOffset Expires, DateTimeOffset? Revoked, IReadOnlyList<string> Servers);

/// <summary>What a content server answered a play.</summary>
/// <param name="Server">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="First">When its first answer began.</param>
/// <param name="Last">When its last answer ended.</param>
/// <param name="Requests">How many there were.</param>
/// <param name="Bytes">What was sent.</param>
/// <param name="Refused">How many of them were refused or failed (status 400 and above).</param>
/// <param name="CutOff">How many of them did not come to their end.</param>
public sealed record PlayServed(ServerId Server, string Name, DateTimeOffset First, DateTimeOffset Last, long Requests, long Bytes, long Refused, long CutOff);
