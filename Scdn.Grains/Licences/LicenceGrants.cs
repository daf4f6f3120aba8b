using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;

namespace Scdn.Grains.Licences;

/// <summary>
/// The rules by which a content is granted to a user and taken back. A grant is known by its purchase and says what that is good for in all: so the same request again changes nothing, however many plays were begun meanwhile, other terms change it,
/// and buying again is another purchase.
/// </summary>
public static class LicenceGrants
{
    /// <summary>How many grants of one content are remembered for one user: 100. Beyond that, those that are over are forgotten, the oldest first.</summary>
    public const int MaxRemembered = 100;

    private const int MaxPurchaseLength = 100;
    private const int MaxPlays = 1_000_000;
    private const int MaxSeeks = 1_000_000;

    /// <summary>Grants, or changes what was granted under the same purchase. One that was taken back is not granted again by a request that comes late; an operator's own can be.</summary>
    /// <param name="state">Null: nothing was played or granted yet.</param>
    /// <param name="user">To whom.</param>
    /// <param name="content">What.</param>
    /// <param name="bought">What the account allows for each content; null: nothing.</param>
    /// <param name="purchase">What it is known by; empty: an operator's own.</param>
    /// <param name="terms">What is granted.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> Give(LicenceState? state, string user, ContentId content, LicenceTerms? bought, string purchase, GrantTerms terms, DateTimeOffset now)
    {
        state ??= LicenceGrain.New(user, content, bought);
        var grants = state.Grants ?? [];
        var known = grants.LastOrDefault(grant => grant.Purchase == purchase);
        if (known is { TakenBack: null } && (known.Plays, known.Until, known.Streams, known.Seeks) == (terms.Plays, terms.Until, terms.Streams, terms.Seeks)) return Change<LicenceState>.None;
        if (WhyNot(purchase, terms, now) is { } refusal) return refusal;
        if (known is { TakenBack: { } taken } && purchase.Length > 0)
            return Refusal.Conflict($"Purchase '{purchase}' of content {content} was taken back on {taken:u}: grant it under another id.");

        if (known is { TakenBack: null })
            return state with { Grants = [.. grants.Select(grant => grant == known ? grant with { Plays = terms.Plays, Until = terms.Until, Streams = terms.Streams, Seeks = terms.Seeks } : grant)] };
        if (Room(grants, now) is not { } kept)
            return Refusal.Conflict($"User '{user}' has {MaxRemembered} purchases of content {content} that are not used up, which is the most: change one of them, or take one back.");
        return state with { Grants = [.. kept, new ContentGrant(grants is [.., var last] ? last.Number + 1 : 1, purchase, terms.Plays, terms.Until, terms.Streams, now, Seeks: terms.Seeks)] };
    }

    /// <summary>Takes one grant back, or all of them; what was taken back stays so.</summary>
    /// <param name="state">The licence.</param>
    /// <param name="purchase">What the grant is known by; null: all.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> TakeBack(LicenceState? state, string? purchase, DateTimeOffset now)
    {
        var grants = state?.Grants ?? [];
        var meant = grants.Where(grant => purchase is null || grant.Purchase == purchase).ToList();
        if (state is null || meant.Count == 0) return Refusal.NotFound(purchase is null ? "Nothing of this content was granted to this user." : $"Purchase '{purchase}' of this content was never granted to this user.");
        if (meant.TrueForAll(grant => grant.TakenBack is not null)) return Change<LicenceState>.None;
        return state with { Grants = [.. grants.Select(grant => meant.Contains(grant) ? grant with { TakenBack = grant.TakenBack ?? now } : grant)] };
    }

    /// <summary>Whether anything was granted and not taken back, although it may be used up or over.</summary>
    public static bool IsHeld(LicenceState state) => (state.Grants ?? []).Any(grant => grant.TakenBack is null);

    /// <summary>Whether a grant covers an authentication key that was issued with it: not when it was taken back, or ends before the key does.</summary>
    public static bool Covers(LicenceState state, int grant, DateTimeOffset keyExpires) =>
        (state.Grants ?? []).Any(one => one.Number == grant && one.TakenBack is null && !(keyExpires > one.Until));

    private static Refusal? WhyNot(string purchase, GrantTerms terms, DateTimeOffset now)
    {
        if (purchase.Length > MaxPurchaseLength || purchase.Any(letter => letter is < '!' or > '~'))
            return Refusal.Invalid($"A purchase is known by at most {MaxPurchaseLength} visible ASCII characters without blanks: shorten it, or hash it.");
        if (terms.Plays is < 1 or > MaxPlays) return Refusal.Invalid($"A content is granted for 1 to {MaxPlays} plays, or without limit, not for {terms.Plays}.");
        if (terms.Streams is < 1 or > StreamPlace.MaxLimit) return Refusal.Invalid($"A content is granted for 1 to {StreamPlace.MaxLimit} streams at the same time, not for {terms.Streams}.");
        if (terms.Seeks is < 0 or > MaxSeeks) return Refusal.Invalid($"A content is granted for 0 to {MaxSeeks} seeks, or without limit, not for {terms.Seeks}.");
        return terms.Until <= now ? Refusal.Invalid($"What ended on {terms.Until:u} can't be granted: give an end that is still to come, or take it back.") : null;
    }

    /// <summary>What is remembered besides another one; null when there is no room. The last one stays: its number is the highest that was given.</summary>
    private static IReadOnlyList<ContentGrant>? Room(IReadOnlyList<ContentGrant> grants, DateTimeOffset now)
    {
        if (grants.Count < MaxRemembered) return grants;
        var over = grants.Take(grants.Count - 1).FirstOrDefault(grant => grant.TakenBack is not null || grant.PlaysLeft is 0 || now >= grant.Until);
        return over is null ? null : [.. grants.Where(grant => grant != over)];
    }
}
