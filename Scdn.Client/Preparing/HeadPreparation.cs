using System.Collections.Concurrent;
using Scdn.Client.Connections;
using Scdn.Client.Sessions;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Preparing;

/// <summary>
/// Makes contents ready that a viewer looks at and may choose: connects to their servers, and fetches what a play begins with, as it is stored, into the store that the play will be given. Nothing is counted, and nothing of it can be read
/// before the play is granted. A play finds what is there, whatever became of the rest. Thread-safe.
/// </summary>
public sealed class HeadPreparation
{
    private readonly ConcurrentDictionary<ContentId, SemaphoreSlim> _turns = new();
    private readonly ConcurrentDictionary<ContentId, DateTimeOffset> _readyUntil = new();
    private readonly Func<ContentId, CancellationToken, Task<PrepareAnswer>> _ask;
    private readonly NetworkOptions _options;
    private readonly ContentConnections _connections;
    private readonly PartStore _store;

    /// <summary>Prepares plays.</summary>
    /// <param name="site">The site that will be asked to play.</param>
    /// <param name="options">How the plays will fetch; with <see cref="NetworkOptions.Store"/> and <see cref="NetworkOptions.Connections"/>, for what is made ready lies there.</param>
    public HeadPreparation(SiteClient site, NetworkOptions options)
        : this(site.PrepareAsync, options)
    {
    }

    internal HeadPreparation(Func<ContentId, CancellationToken, Task<PrepareAnswer>> ask, NetworkOptions options)
    {
        (_ask, _options) = (ask, options);
        _connections = options.Connections ?? throw new ArgumentException("Connections that end with the preparation are of no use to a play.", nameof(options));
        _store = options.Store ?? throw new ArgumentException("A store that ends with the preparation is of no use to a play.", nameof(options));
    }

    /// <summary>Makes a content ready; it takes 1 MiB of the line, or 2 MiB where the head is so long. Again within the two minutes that its key lasts, it does nothing.</summary>
    /// <param name="content">Which.</param>
    /// <param name="cancellationToken">Gives up; what has come stays.</param>
    /// <returns>Whether all of it is there. Whatever prevented it will be told by the play, if it is in its way, too.</returns>
    public async Task<bool> PrepareAsync(ContentId content, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(content, _ => new(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (_readyUntil.TryGetValue(content, out var until) && _options.Time.GetUtcNow() < until) return true;
            var answer = await _ask(content, cancellationToken);
            await _connections.WarmAsync(answer.Servers, _options, cancellationToken);
            if (answer.Content != content || !StartFetch.TryPlan(answer, _options, _connections, _store, out var fetch) || !await fetch.RunAsync(cancellationToken)) return false;
            _readyUntil[content] = answer.KeyExpires;
            return true;
        }
        catch (Exception error) when (error is ScdnException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }
}
