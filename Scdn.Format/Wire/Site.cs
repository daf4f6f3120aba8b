using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

// What a viewer's client and the contents site say to each other (docs/http-api.md). JSON, camel case; times are RFC 3339.

/// <summary>Opens a session. Must carry a proof (RFC 9449) of the key that the session is to be bound to.</summary>
/// <param name="User">The viewer's name.</param>
/// <param name="Password">The viewer's password.</param>
/// <param name="Play">What to begin a play of at once, as a request of its own would; null: nothing.</param>
public sealed record SignInRequest(string User, string Password, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlayRequest? Play = null);

/// <summary>A session was opened.</summary>
/// <param name="Session">Its id.</param>
/// <param name="Credential">The session credential: shown to control hosts as <c>Authorization: DPoP …</c>, each time with a fresh proof of the client's key.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Sites">Where the site answers, and what it goes by there, for when the host that was asked does not; null: nowhere else.</param>
/// <param name="Play">What was to be played; null: nothing was, or it was refused.</param>
/// <param name="PlayRefused">Why it can't be played; the session is open all the same. Null: it can, or nothing was to be.</param>
public sealed record SignInAnswer(
    SessionId Session, string Credential, DateTimeOffset Expires, IReadOnlyList<ControlAddress>? Sites = null, PlayAnswer? Play = null, PlayRefusal? PlayRefused = null);

/// <summary>Why a play that was asked for along with something else can't begin.</summary>
/// <param name="Status">The HTTP status that a request of its own would have been answered with.</param>
/// <param name="Detail">One sentence: what is wrong, with which thing, what to do.</param>
public sealed record PlayRefusal(int Status, string Detail);

/// <summary>A content that a viewer may choose.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Version">Its current version, from 1.</param>
/// <param name="Length">Bytes of the original.</param>
/// <param name="Published">When this version was published.</param>
/// <param name="PlaysLeft">Plays that the viewer who asks has left, 0 when it is used up or over; null: without limit.</param>
/// <param name="Until">Until when the viewer who asks can begin them; null: without end.</param>
public sealed record ContentSummary(ContentId Id, string Title, int Version, long Length, DateTimeOffset Published, int? PlaysLeft = null, DateTimeOffset? Until = null);

/// <summary>Asks to play: the one request.</summary>
/// <param name="Content">What.</param>
/// <param name="ViewerKey">The viewer's ephemeral P-256 public key as a JWK; the licence is wrapped to it.</param>
/// <param name="Play">Makes the request idempotent within its session: however often it is repeated, one play is counted.</param>
/// <param name="Version">To go on with a play that was counted: the version that it plays, also when there is a newer one. Null: the newest that is to be had.</param>
/// <param name="CountsSeeks">Whether the player counts seeks and keeps to their limit; null: no, and what was granted for so many seeks only is not played by it.</param>
public sealed record PlayRequest(
    ContentId Content, JsonElement ViewerKey, Guid Play, int? Version = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? CountsSeeks = null);

/// <summary>Everything that is needed to play.</summary>
/// <param name="Content">What.</param>
/// <param name="Version">The header's version.</param>
/// <param name="HeaderHash">SHA-256 of the header, so that an older one can't be slipped in.</param>
/// <param name="Header">The header file.</param>
/// <param name="AuthenticationKey">What is shown to content servers.</param>
/// <param name="KeyExpires">When the authentication key ends.</param>
/// <param name="Licence">The content key wrapped to the viewer's key (JWE, payload <see cref="LicenceClaims"/>); null when nothing is protected.</param>
/// <param name="Servers">The best servers, best first.</param>
/// <param name="KeepEverySeconds">How often the client is to say that it plays on, for else its place among the streams at the same time is another's after a minute; null: nobody counts them.</param>
/// <param name="Mirrors">Mirrors besides the servers (docs/http-api.md, "Mirrors"); null: none.</param>
/// <param name="Limits">What may still be played, where it is limited; null: it is not.</param>
public sealed record PlayAnswer(
    ContentId Content,
    int Version,
    byte[] HeaderHash,
    byte[] Header,
    string AuthenticationKey,
    DateTimeOffset KeyExpires,
    string? Licence,
    IReadOnlyList<RankedServer> Servers,
    int? KeepEverySeconds = null,
    IReadOnlyList<Uri>? Mirrors = null,
    LicenceLimits? Limits = null);

/// <summary>What may still be played once a play was counted.</summary>
/// <param name="ServerTime">The site's clock.</param>
/// <param name="PlaysLeft">Plays that can be begun after this one; null: any number.</param>
/// <param name="Until">Until when the last of them can be begun; null: without end.</param>
/// <param name="Ends">When this play has to stop, wherever it is: the end of what it was begun with; null: nothing ends it.</param>
/// <param name="SeeksLeft">Seeks that are left of what this play was begun with, for all its plays together; null: any number.</param>
public sealed record LicenceLimits(DateTimeOffset ServerTime, int? PlaysLeft, DateTimeOffset? Until, DateTimeOffset? Ends, int? SeeksLeft = null);

/// <summary>What a viewer who looks at a content may have before a play of it is asked for.</summary>
/// <param name="Content">What.</param>
/// <param name="Version">The version that would be played.</param>
/// <param name="HeaderHash">SHA-256 of its header.</param>
/// <param name="AuthenticationKey">What is shown to content servers, for what <paramref name="Start"/> names alone.</param>
/// <param name="KeyExpires">When the authentication key ends.</param>
/// <param name="Servers">The best servers, best first.</param>
/// <param name="Start">What a player fetches first.</param>
/// <param name="Mirrors">Mirrors besides the servers; null: none.</param>
public sealed record PrepareAnswer(
    ContentId Content, int Version, byte[] HeaderHash, string AuthenticationKey, DateTimeOffset KeyExpires, IReadOnlyList<RankedServer> Servers, PlayStart Start, IReadOnlyList<Uri>? Mirrors = null);

/// <summary>Says that a play goes on, or that it has ended.</summary>
/// <param name="Content">Of what.</param>
/// <param name="Play">Which, as in its <see cref="PlayRequest"/>.</param>
public sealed record PlayNotice(ContentId Content, Guid Play);

/// <summary>Says how many seeks there were in a play.</summary>
/// <param name="Content">Of what.</param>
/// <param name="Play">Which, as in its <see cref="PlayRequest"/>.</param>
/// <param name="Seeks">All of this play until now: so the same again changes nothing.</param>
public sealed record SeekNotice(ContentId Content, Guid Play, int Seeks);

/// <summary>What is left to seek.</summary>
/// <param name="SeeksLeft">By all plays of what was granted together; null: any number.</param>
public sealed record SeekStanding(int? SeeksLeft);

/// <summary>A content server as the IP master names it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Uri">Where it serves.</param>
/// <param name="Pins">What it goes by over TLS; null: it speaks plain http, or an authority vouches for it.</param>
public sealed record RankedServer(ServerId Id, string Name, Uri Uri, KeyPins? Pins = null);

/// <summary>What a licence says, once unwrapped.</summary>
/// <param name="Content">Of which content.</param>
/// <param name="ContentKey">The content key, 32 bytes.</param>
/// <param name="Expires">Not to be used after.</param>
/// <param name="PlaysLeft">Plays left after this one; null when they are not limited.</param>
public sealed record LicenceClaims(ContentId Content, byte[] ContentKey, DateTimeOffset Expires, int? PlaysLeft);
