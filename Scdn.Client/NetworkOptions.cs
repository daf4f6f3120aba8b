using Scdn.Client.Connections;
using Scdn.Client.Explaining;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;

namespace Scdn.Client;

/// <summary>How a <see cref="NetworkManager"/> fetches.</summary>
public sealed record NetworkOptions
{
    /// <summary>The most sockets that may be asked for.</summary>
    public const int SocketLimit = 32;

    /// <summary>Pieces that are fetched at the same time, each over a socket of its own; 1 to <see cref="SocketLimit"/>, default 5. There may be more for as long as they bring more: <see cref="MostSockets"/>.</summary>
    public int Sockets
    {
        get;
        init => field = value is >= 1 and <= SocketLimit ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Sockets must be 1 to {SocketLimit}.");
    } = 5;

    /// <summary>How many there may come to be where each brings only so much: on lines that lose packets, or that are long and fast; 1 to <see cref="SocketLimit"/>, default 24. Below <see cref="Sockets"/> it means that there are never more than those.</summary>
    public int MostSockets
    {
        get;
        init => field = value is >= 1 and <= SocketLimit ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"The most sockets must be 1 to {SocketLimit}.");
    } = 24;

    /// <summary>Options with just so many sockets; null: with the default, and more while they bring more.</summary>
    public static NetworkOptions With(int? sockets) => sockets is { } fixedNumber ? new() { Sockets = fixedNumber, MostSockets = fixedNumber } : new();

    /// <summary>
    /// How much play is fetched before a reader asks for it, default 30 seconds; bytes follow from the mean bit rate. Without a known duration 16 MiB are fetched.
    /// </summary>
    public TimeSpan ReadAhead
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The read-ahead can't be negative.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>Whether all that comes after <see cref="StartAt"/> is fetched, in play order, whatever <see cref="ReadAhead"/> and a limit of it say. <see cref="Store"/> has to have room for it. Default: no.</summary>
    public bool FetchesAll { get; init; }

    /// <summary>Where playing will begin: what is there is fetched at once, before a player asks. Default: the beginning.</summary>
    public TimeSpan StartAt { get; init; }

    /// <summary>
    /// How long a reader waits while not a single byte comes from any server, before it gets a <see cref="NetworkException"/>.
    /// Default one minute; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Mirrors: plain HTTP servers that hold the parts as files named by their UUIDs, as http or https addresses; a part is asked for at MIRROR/UUID, without any key. They are used beside the content
    /// servers, whatever the site says of those, and what they send is checked as theirs is: they need no trust. Default: none.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is no such address, or has a user, a password, a query or a fragment in it.</exception>
    public IReadOnlyList<Uri> Mirrors
    {
        get;
        init => field = [.. value.Select(Mirror).Distinct()];
    } = [];

    /// <summary>Connections that were made before and will be used after this play; they are not disposed of with it. Null: its own.</summary>
    public ContentConnections? Connections { get; init; }

    /// <summary>Where the store for what is fetched is made, which all players share that name the same place. Default: <c>scdn/playing</c> in the user's cache folder.</summary>
    public string TemporaryRoot { get; init; } = Path.Combine(UserFolders.Cache, "playing");

    /// <summary>
    /// How large the store may become; 16 MiB to 1024 TiB, default 2 GiB. Not more than a quarter of it is read ahead. It becomes larger only when what all players need at the same time is more.
    /// </summary>
    public long StoreSizeBytes
    {
        get;
        init => field = value is >= PartStore.LeastSizeBytes and <= PartStore.MostSizeBytes
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The store's size must be {PartStore.LeastSizeBytes} to {PartStore.MostSizeBytes} bytes.");
    } = 2L << 30;

    /// <summary>A store that is open already, and stays open; null: the manager opens one in <see cref="TemporaryRoot"/> for itself.</summary>
    public PartStore? Store { get; init; }

    /// <summary>Where what happens is noted, begun when the play was asked for; null: one of its own, begun now. Made with <see cref="Time"/>.</summary>
    public PlayLog? Log { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    private static Uri Mirror(Uri address) =>
        MirrorAddress.TryParse(address.OriginalString, out var mirror) ? mirror : throw new ArgumentException($"A mirror must be {MirrorAddress.Takes}.", nameof(address));
}
