using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>
/// What a viewer may play, and whether a play may begin: what is left of the licence, then billing, once for each play id of a content. While billing is asked the licence holds the play, so that nothing is paid for that is gone then. A play that the
/// licence has counted was granted before, so a repeated request asks nobody; two that come at the same time ask together.
/// </summary>
internal sealed class Entitlement(IGrainStore store, IAdmin admin, Billing billing, TimeProvider time)
{
    // The viewer's client chooses the play's id, so that it says nothing about the content: a yes for one is none for another.
    private readonly SharedAnswers<(SessionId, EntitledPlay), Refusal?> _asking = new();

    /// <summary>What the viewer's account allows or was granted, and how much is left of it.</summary>
    public async Task<Outcome<IReadOnlyList<ContentSummary>>> ListAsync(ViewerCaller viewer, CancellationToken cancel)
    {
        if (!(await admin.ListContentsAsync(Done.Instance, cancel)).IsGranted(out var contents, out var refusal)) return refusal;
        var bought = await FindBoughtAsync(viewer, cancel);
        var licences = new Dictionary<ContentId, LicenceState>();
        await foreach (var licence in store.ListPrefixAsync<LicenceState>(LicenceState.PrefixOf(viewer.User), after: null, cancel)) licences[licence.State.Content] = licence.State;
        List<ContentSummary> playable = [];
        foreach (var content in contents)
        {
            var licence = licences.GetValueOrDefault(content.Id) ?? LicenceGrain.New(viewer.User, content.Id, bought);
            if (LicenceGrain.Left(licence, time.GetUtcNow()) is { } left) playable.Add(content with { PlaysLeft = left.Plays, Until = left.Until });
            // Used up or ended: the viewer knows it, and is to hear why it can't be played.
            else if (bought is not null || LicenceGrants.IsHeld(licence)) playable.Add(content with { PlaysLeft = 0 });
        }

        return playable;
    }

    /// <summary>Whether a play was counted before, so that nothing further is needed; the refusal when nothing is left that it could be begun with.</summary>
    public async Task<Outcome<EntitledPlay>> FindAsync(ViewerCaller viewer, ContentId content, Guid play, bool isStream, bool countsSeeks, CancellationToken cancel)
    {
        var licence = await FindLicenceAsync(viewer, content, cancel);
        if (IsCounted(licence, viewer, play, isStream)) return new EntitledPlay(content, play, isStream, IsCounted: true);
        licence ??= LicenceGrain.New(viewer.User, content, await FindBoughtAsync(viewer, cancel));
        var now = time.GetUtcNow();
        var refusal = LicenceHolds.WhyNot(licence, viewer.Session, play, isStream, now) ?? (countsSeeks ? null : LicenceSeeks.WhyNotUncounted(licence, now));
        return refusal is not null ? refusal : new EntitledPlay(content, play, isStream, IsCounted: false);
    }

    /// <summary>Takes note of the seeks in a play, and says what is left.</summary>
    public async Task<Outcome<SeekStanding>> CountSeeksAsync(ViewerCaller viewer, SeekNotice notice, CancellationToken cancel)
    {
        var counted = await store.ChangeAsync<LicenceState>(LicenceState.IdOf(viewer.User, notice.Content), state => LicenceSeeks.Count(state, viewer.Session, notice.Play, notice.Seeks), cancel);
        return counted.IsGranted(out var licence, out var refusal) ? new SeekStanding(LicenceSeeks.Left(licence.State, viewer.Session, notice.Play)) : refusal;
    }

    /// <summary>Does the work of a play, once billing allows it; the refusal when it does not.</summary>
    public async Task<Outcome<T>> UseAsync<T>(ViewerCaller viewer, EntitledPlay entitled, Func<Task<Outcome<T>>> work, CancellationToken cancel)
    {
        if (entitled.IsCounted || !billing.IsAsked) return await work();
        var (content, play) = (entitled.Content, entitled.Play);
        var question = (viewer.Session, entitled);
        var answer = _asking.FindAsync(question, () => HoldAndAskAsync(viewer, content, play, entitled.IsStream), isKept: _ => true);
        try
        {
            return await answer.WaitAsync(cancel) is { } refusal ? refusal : await work();
        }
        finally
        {
            // From here on the licence knows the play, or it was not begun and billing is asked anew. Who leaves before the answer is there leaves it to those
            // who repeat the request.
            if (answer.IsCompleted) _asking.Forget(question, answer);
            else _ = answer.ContinueWith(_ => _asking.Forget(question, answer), TaskScheduler.Default);
        }
    }

    /// <summary>Why a play can't go on with just this version; null when it can.</summary>
    public async Task<Refusal?> WhyNotVersionAsync(ViewerCaller viewer, ContentId content, Guid play, int version, CancellationToken cancel) =>
        LicenceGrain.WhyNotVersion(await FindLicenceAsync(viewer, content, cancel), content, viewer.Session, play, version);

    private async Task<Refusal?> HoldAndAskAsync(ViewerCaller viewer, ContentId content, Guid play, bool isStream)
    {
        var (id, none) = (LicenceState.IdOf(viewer.User, content), CancellationToken.None);
        var bought = await FindBoughtAsync(viewer, none);
        var held = await store.ChangeAsync<LicenceState>(id, state => LicenceHolds.Hold(state, viewer.User, content, bought, viewer.Session, play, isStream, time.GetUtcNow()), none);
        if (!held.IsGranted(out var licence, out var nothing)) return nothing;
        // Whoever asked before may have been answered, and the play counted, since the licence was loaded.
        if (LicenceHolds.IsCounted(licence.State, viewer.Session, play, isStream)) return null;
        if (await billing.AskAsync(viewer.Session, viewer.User, content, play, isStream, none) is not { } refusal) return null;
        try
        {
            await store.ChangeAsync<LicenceState>(id, state => LicenceHolds.Release(state, viewer.Session, play, time.GetUtcNow()), none);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // In a minute it comes back by itself.
        }

        return refusal;
    }

    private async Task<LicenceState?> FindLicenceAsync(ViewerCaller viewer, ContentId content, CancellationToken cancel) =>
        (await store.LoadAsync<LicenceState>(LicenceState.IdOf(viewer.User, content), cancel))?.State;

    private async Task<LicenceTerms?> FindBoughtAsync(ViewerCaller viewer, CancellationToken cancel) =>
        (await store.LoadAsync<UserState>(UserState.IdOf(viewer.User), cancel)) is { } user ? UserGrain.Bought(user.State) : null;

    private static bool IsCounted(LicenceState? licence, ViewerCaller viewer, Guid play, bool isStream) =>
        licence is not null && LicenceHolds.IsCounted(licence, viewer.Session, play, isStream);
}

/// <summary>A play that may begin, as far as what is left of the licence goes.</summary>
/// <param name="Content">Of what.</param>
/// <param name="Play">Its id.</param>
/// <param name="IsStream">Whether it is one of the streams at the same time; one that is taken along is not.</param>
/// <param name="IsCounted">Whether it was counted before.</param>
internal readonly record struct EntitledPlay(ContentId Content, Guid Play, bool IsStream, bool IsCounted);
