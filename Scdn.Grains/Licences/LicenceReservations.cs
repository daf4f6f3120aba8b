using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Licences;

/// <summary>The rules by which plays are taken along with a download, and what was not played comes back: each once, however often it is asked for.</summary>
public static class LicenceReservations
{
    /// <summary>How many downloads of one content one user may have at the same time: 20.</summary>
    public const int MaxDownloads = 20;

    /// <summary>Takes plays along, of the account or of the grant that is to be used up first: as many as wanted, or as there are.</summary>
    /// <param name="state">Null when nothing was played or granted yet.</param>
    /// <param name="user">Whose.</param>
    /// <param name="content">Of what.</param>
    /// <param name="bought">What the user's account allows for each content; null: nothing but what was granted.</param>
    /// <param name="download">With which download.</param>
    /// <param name="plays">How many; null: all that are left.</param>
    /// <param name="latest">The download ends no later.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> Take(
        LicenceState? state, string user, ContentId content, LicenceTerms? bought, DownloadId download, int? plays, DateTimeOffset latest, DateTimeOffset now)
    {
        state ??= LicenceGrain.New(user, content, bought);
        if (Find(state, download) is not null) return Change<LicenceState>.None;
        if (plays < 1) return Refusal.Invalid($"A content is taken along for one play or more, not for {plays}.");
        // What was held for it is among what it takes.
        state = LicenceHolds.Without(state, session: null, download.Value, now);
        if (Allowance.Next(state, isStream: false, now) is not { } used) return LicenceGrain.WhyNoFurther(state, isStream: false, now)!;
        // What ended unasked for is forgotten, and its plays with it: nobody can say that they were not played.
        var alive = (state.Reserved ?? []).Where(one => one.Until > now).ToList();
        if (alive.Count >= MaxDownloads) return Refusal.Denied($"Content {content} is on {MaxDownloads} devices already, which is the most for one user: remove a download first.");

        var taken = used.PlaysLeft is { } left ? Math.Min(plays ?? left, left) : plays;
        var until = used.Until < latest ? used.Until.Value : latest;
        // Seeks all at once: they are of all its plays together.
        var reserved = ChargeSeeks(state, used.Grant, used.SeeksLeft ?? 0) with { Reserved = [.. alive, new ReservedPlays(download, used.Grant, taken, until, used.SeeksLeft)] };
        return used.PlaysLeft is null ? reserved : Charge(reserved, used.Grant, taken!.Value);
    }

    /// <summary>Gives back what was not played, once.</summary>
    /// <param name="state">The licence.</param>
    /// <param name="download">What is given back.</param>
    /// <param name="unplayed">Plays that were not begun; null: they are not counted.</param>
    /// <param name="unsought">Seeks that were not used.</param>
    public static Change<LicenceState> GiveBack(LicenceState? state, DownloadId download, int? unplayed, int unsought)
    {
        if (state is null || Find(state, download) is not { } reservation) return Change<LicenceState>.None;
        var without = ChargeSeeks(state, reservation.Grant, -Math.Clamp(unsought, 0, reservation.Seeks ?? 0)) with { Reserved = [.. state.Reserved!.Where(one => one != reservation)] };
        return reservation.Plays is { } plays && unplayed is { } count ? Charge(without, reservation.Grant, -Math.Clamp(count, 0, plays)) : without;
    }

    /// <summary>What a download took along; null: nothing, or what it took was taken back from the user.</summary>
    public static ReservedPlays? Find(LicenceState state, DownloadId download) =>
        (state.Reserved ?? []).FirstOrDefault(one => one.Download == download) is { } found && Allowance.Of(state).Any(one => one.Grant == found.Grant) ? found : null;

    private static LicenceState ChargeSeeks(LicenceState state, int? grant, int seeks) => seeks == 0
        ? state
        : state with { Grants = [.. state.Grants!.Select(one => one.Number == grant ? one with { Sought = one.Sought + seeks } : one)] };

    private static LicenceState Charge(LicenceState state, int? grant, int plays) => grant is null
        ? state with { PlaysLeft = state.PlaysLeft - plays }
        : state with { Grants = [.. state.Grants!.Select(one => one.Number == grant ? one with { Played = one.Played + plays } : one)] };
}

/// <summary>Plays that a device took along.</summary>
/// <param name="Download">With which download.</param>
/// <param name="Grant">The number of the grant that they were taken from; null: the account.</param>
/// <param name="Plays">How many; null: they are not counted.</param>
/// <param name="Until">When the download ends.</param>
/// <param name="Seeks">How many seeks went with them; null: they are not counted.</param>
public sealed record ReservedPlays(DownloadId Download, int? Grant, int? Plays, DateTimeOffset Until, int? Seeks = null);
