namespace Scdn.Format.Wire;

// What the command line and the admin server say to each other. JSON, camel case.

/// <summary>A viewer's account.</summary>
/// <param name="Name">What the viewer signs in with.</param>
/// <param name="Created">Since when.</param>
/// <param name="Disabled">Since when nobody can sign in with it; null: it is in use.</param>
/// <param name="Contents">Which contents it may play.</param>
/// <param name="Limits">The limits that it has of its own; null: those of everybody.</param>
public sealed record UserSummary(string Name, DateTimeOffset Created, DateTimeOffset? Disabled = null, ContentAccess Contents = ContentAccess.All, UserLimits? Limits = null);

/// <summary>Makes an account.</summary>
/// <param name="Name">1 to 64 letters, digits, <c>. _ - @</c>.</param>
/// <param name="Password">At least 8 characters; null: nobody signs in with it, a contents site of one's own opens its sessions.</param>
/// <param name="Plays">How often each content may be played; null: without limit.</param>
/// <param name="Until">Until when contents may be played; null: without end.</param>
/// <param name="Contents">Which contents it may play; of an account that plays only what was granted, each grant has its own plays and end.</param>
public sealed record AddUserRequest(string Name, string? Password = null, int? Plays = null, DateTimeOffset? Until = null, ContentAccess Contents = ContentAccess.All);

/// <summary>A page of a list that may be long.</summary>
/// <param name="Items">What is on it, in the list's order.</param>
/// <param name="Next">What to ask for as <c>after</c> to get the next page; null: this is the last one. A page may have fewer items than were asked for, even none, and not be the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How many sessions were ended.</summary>
public sealed record EndedSessions(int Ended);

/// <summary>A viewer's session.</summary>
public sealed record SessionSummary(SessionId Id, string User, DateTimeOffset Opened, DateTimeOffset Expires, bool Valid);

/// <summary>Opens a session for a viewer on an operator's word (a contents site of one's own does its own sign-in).</summary>
/// <param name="User">Whose.</param>
/// <param name="ClientKey">JWK thumbprint (RFC 7638) of the key of the viewer's client, which the session is bound to; null: to none, and then only operators can use it.</param>
public sealed record AddSessionRequest(string User, string? ClientKey = null);

/// <summary>A session that was opened on an operator's word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Whose.</param>
/// <param name="Opened">Since when.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="Valid">Whether it is valid: yes.</param>
/// <param name="Credential">The session credential for the viewer's client, told once and worth nothing without the client's key; null when it is bound to none.</param>
public sealed record AddedSession(SessionId Id, string User, DateTimeOffset Opened, DateTimeOffset Expires, bool Valid, string? Credential);

/// <summary>A published content as operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Version">Its version.</param>
/// <param name="Length">Bytes of the original.</param>
/// <param name="Parts">Number of parts.</param>
/// <param name="StoredBytes">Bytes of all parts.</param>
/// <param name="Protected">Whether a content key is needed.</param>
/// <param name="Published">When.</param>
/// <param name="HeldBy">Content servers that hold this version whole.</param>
/// <param name="Servers">Content servers that are to hold it.</param>
/// <param name="Limits">The limits that it has; null: none.</param>
public sealed record ContentStatus(
    ContentId Id, string Title, int Version, long Length, int Parts, long StoredBytes, bool Protected, DateTimeOffset Published, int HeldBy, int Servers, ContentLimits? Limits = null);

/// <summary>What a content server reports each second.</summary>
/// <param name="CpuPercent">Of all its cores, 0 to 100.</param>
/// <param name="MemoryPercent">Of the machine's memory in use, 0 to 100.</param>
/// <param name="Sessions">Distinct authentication keys that were served in the last 10 seconds.</param>
/// <param name="RateBytesPerSecond">Sent to viewers in the last second.</param>
/// <param name="MaxRateBytesPerSecond">Its cap; null: none.</param>
/// <param name="DiskFreeBytes">Free where its parts are.</param>
/// <param name="DiskPercent">In use there, 0 to 100.</param>
public sealed record ServerLoad(
    double CpuPercent, double MemoryPercent, int Sessions, long RateBytesPerSecond, long? MaxRateBytesPerSecond, long DiskFreeBytes, double DiskPercent);

/// <summary>A content server as operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uri">Where it serves.</param>
/// <param name="Alive">Whether it reported within the last 3 seconds.</param>
/// <param name="LastReport">When; null: not since the control host started.</param>
/// <param name="Load">What it said; null likewise.</param>
/// <param name="Contents">Contents that it holds whole.</param>
/// <param name="Pins">What it goes by over TLS; null: it speaks plain http, or an authority vouches for it.</param>
public sealed record ServerStatus(ServerId Id, string Name, Uri Uri, bool Alive, DateTimeOffset? LastReport, ServerLoad? Load, int Contents, KeyPins? Pins = null);

/// <summary>A token with which one content server can join, once (<see cref="JoinToken"/>).</summary>
public sealed record JoinTokenAnswer(string Token, DateTimeOffset Expires);

/// <summary>Asks for an authentication key on an operator's word.</summary>
public sealed record IssueKeyRequest(SessionId Session, ContentId Content);

/// <summary>An authentication key was issued.</summary>
public sealed record IssuedKeySummary(KeyId Id, string Token, DateTimeOffset Expires, IReadOnlyList<ServerId> Servers);

/// <summary>Asks what a token is worth.</summary>
public sealed record VerifyKeyRequest(string Token);

/// <summary>What a key is worth now.</summary>
/// <param name="Id">Its id; like <paramref name="Content"/> and <paramref name="Expires"/> without meaning when no gateway has issued such a key.</param>
/// <param name="Content">For which content.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Valid">Whether a content server takes it.</param>
/// <param name="Reason">Why not, as a sentence.</param>
public sealed record KeyStatus(KeyId Id, ContentId Content, DateTimeOffset Expires, bool Valid, string? Reason);

/// <summary>The cluster at a glance.</summary>
public sealed record ClusterStatus(
    string Version, DateTimeOffset Now, IReadOnlyList<HostStatus> Hosts, IReadOnlyList<ServerStatus> Servers, IReadOnlyList<ContentStatus> Contents, int Sessions);

/// <summary>A control host, and what it is known by over TLS (null: it speaks plain http, or an authority vouches for it).</summary>
public sealed record HostStatus(string Name, Uri Uri, IReadOnlyList<string> Roles, bool Alive, KeyPins? Pins = null);

/// <summary>One connection record: a request for a part or a header that a content server answered; or, without a key, requests that it refused before a key was known, all of a minute with the same status.</summary>
/// <param name="Id">Unique for ever, so that a record shipped twice is counted once.</param>
/// <param name="At">When the answer ended.</param>
/// <param name="Server">Who answered.</param>
/// <param name="Key">With which authentication key; null: none was known.</param>
/// <param name="Content">Of which content; null: without a key nobody can tell.</param>
/// <param name="Part">Which part; null: the header, or without a key none.</param>
/// <param name="Bytes">Bytes of body that were sent.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Complete">Whether all that was asked for was sent.</param>
/// <param name="Requests">How many requests it tells of: one, or without a key more.</param>
public sealed record ConnectionRecord(
    Guid Id, DateTimeOffset At, ServerId Server, KeyId? Key, ContentId? Content, PartId? Part, long Bytes, long Milliseconds, int Status, bool Complete, int Requests = 1);

/// <summary>A connection record as operators see it: with what people call the server, the content and the user.</summary>
/// <param name="Id">As the content server said, like all that is not explained here.</param>
/// <param name="ServerName">The server's name; empty when it is not known.</param>
/// <param name="User">The user behind the key; null: nobody known.</param>
/// <param name="Title">The content's title; empty when it is not known.</param>
public sealed record LoggedRecord(
    Guid Id, DateTimeOffset At, ServerId Server, string ServerName, KeyId? Key, string? User, ContentId? Content, string Title, PartId? Part, long Bytes, long Milliseconds, int Status, bool Complete, int Requests = 1);

/// <summary>Statistics: what was counted in a time, in all and by content, server, user or hour.</summary>
/// <param name="By">What each row is of: <c>content</c>, <c>server</c>, <c>user</c> or <c>hour</c>.</param>
/// <param name="From">The beginning of the first hour; null: since the beginning.</param>
/// <param name="To">The end of the last hour; null: up to now.</param>
/// <param name="Plays">Plays that began; null where servers are told apart: plays have none.</param>
/// <param name="Requests">Requests for parts and headers that were answered.</param>
/// <param name="Bytes">Bytes of them that were sent.</param>
/// <param name="Errors">Requests that were refused or failed (status 400 and above).</param>
/// <param name="Sessions">The most sessions that were served in one and the same minute; null where several filters meet.</param>
/// <param name="Rows">The newest hours first, or what had most bytes first; perhaps not all.</param>
/// <param name="Stalls">Times that pictures stood still, as players told; of a server, those that it was the cause of.</param>
/// <param name="StallMs">How long, together.</param>
/// <param name="Failovers">Times that players left a server that was in use.</param>
/// <param name="StartMs">Milliseconds from asking to play until the picture moved, the median, to two digits; null: nobody told, or servers are told apart, or several filters meet.</param>
/// <param name="SlowStartMs">What 95 of 100 plays took at most, likewise.</param>
public sealed record StatisticsAnswer(
    string By, DateTimeOffset? From, DateTimeOffset? To, long? Plays, long Requests, long Bytes, long Errors, long? Sessions, IReadOnlyList<StatisticsRow> Rows,
    long Stalls = 0, long StallMs = 0, long Failovers = 0, long? StartMs = null, long? SlowStartMs = null);

/// <summary>Of one content, server, user or hour. What is counted is as in <see cref="StatisticsAnswer"/>.</summary>
/// <param name="Content">The content; null in rows of something else.</param>
/// <param name="Server">The server, likewise.</param>
/// <param name="Name">The content's title or the server's name; empty when it is not known.</param>
/// <param name="User">The user, likewise; empty: nobody known.</param>
/// <param name="Hour">The hour's beginning, likewise.</param>
public sealed record StatisticsRow(
    ContentId? Content, ServerId? Server, string? Name, string? User, DateTimeOffset? Hour, long? Plays, long Requests, long Bytes, long Errors, long? Sessions,
    long Stalls = 0, long StallMs = 0, long Failovers = 0, long? StartMs = null, long? SlowStartMs = null);

/// <summary>A live event for the console.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What changed, such as <c>content</c>, <c>server</c>, <c>session</c>, <c>replica</c>, <c>key</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record LiveEvent(DateTimeOffset At, string Kind, string Text);
