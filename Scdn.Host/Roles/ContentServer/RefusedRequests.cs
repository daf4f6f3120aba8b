using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Counts requests that were refused before a key was known. They become one record a minute for each status: who asks without a key must not fill the disk.</summary>
internal sealed class RefusedRequests(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(ServerId Server, int Status), int> _counts = [];
    private DateTimeOffset _since;
    private DateTimeOffset _last;

    /// <summary>One more.</summary>
    public void Add(ServerId server, int status)
    {
        lock (_gate)
        {
            _last = time.GetUtcNow();
            if (_counts.Count == 0) _since = _last;
            _counts[(server, status)] = _counts.GetValueOrDefault((server, status)) + 1;
        }
    }

    /// <summary>Those of a minute that is over, or all, as records; they are forgotten here.</summary>
    public IReadOnlyList<ConnectionRecord> Take(bool all)
    {
        lock (_gate)
        {
            if (_counts.Count == 0 || (!all && time.GetUtcNow() - _since < Interval)) return [];
            ConnectionRecord[] records =
            [
                .. from counted in _counts
                   select new ConnectionRecord(RecordId.New(_last), _last, counted.Key.Server, Key: null, Content: null, Part: null, 0, 0, counted.Key.Status, Complete: true, counted.Value),
            ];
            _counts.Clear();
            return records;
        }
    }
}
