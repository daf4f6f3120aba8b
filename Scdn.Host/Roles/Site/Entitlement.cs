using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>
/// Whether a viewer may begin a play: what is left of the licence, then billing, once for each play id. A play that the licence has counted was granted
/// before, so a repeated request asks nobody; two that come at the same time ask together.
/// </summary>
internal sealed class Entitlement(IGrainStore store, Billing billing)
{
    private readonly ConcurrentDictionary<(SessionId, Guid), Task<Refusal?>> _asking = new();

    /// <summary>Does the work of a play that may begin; the refusal when it may not.</summary>
    public async Task<Outcome<T>> UseAsync<T>(ViewerCaller viewer, ContentId content, Guid play, Func<Task<Outcome<T>>> work, CancellationToken cancel)
    {
        var licence = (await store.LoadAsync<LicenceState>(LicenceState.IdOf(viewer.User, content), cancel))?.State;
        if (licence is not null && licence.Counted.Any(counted => counted.Session == viewer.Session && counted.Play == play)) return await work();
        if (licence is { PlaysLeft: <= 0 }) return Refusal.Denied($"No plays are left of content {content}; buy it again to play on.");

        var question = (viewer.Session, play);
        var mine = new TaskCompletionSource<Refusal?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = _asking.GetOrAdd(question, mine.Task);
        if (answer == mine.Task) _ = AskAsync(mine, viewer.User, content, play);
        try
        {
            return await answer.WaitAsync(cancel) is { } refusal ? refusal : await work();
        }
        finally
        {
            // From here on the licence knows the play, or it was not begun and billing is asked anew.
            _asking.TryRemove(new(question, answer));
        }
    }

    /// <summary>The answer serves everybody who repeats the request meanwhile, so it is not given up when one of them leaves.</summary>
    private async Task AskAsync(TaskCompletionSource<Refusal?> answer, string user, ContentId content, Guid play)
    {
        try
        {
            answer.SetResult(await billing.AskAsync(user, content, play, CancellationToken.None));
        }
        catch (Exception fault)
        {
            answer.SetException(fault);
        }
    }
}
