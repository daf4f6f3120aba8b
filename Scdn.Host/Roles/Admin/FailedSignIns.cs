using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>
/// Notes operators' wrong passwords among what operators did: at most so many in an hour, with how many there were besides, so that nobody can fill the store. The host's log has each of them. A name that is no account's is not noted: it may be a password that was typed at the
/// wrong place.
/// </summary>
internal sealed class FailedSignIns(IGrainStore store, IAuditLog audit, TimeProvider time)
{
    /// <summary>How many are noted in an hour.</summary>
    public const int MaxAnHour = 60;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _began;
    private int _noted;
    private int _unnoted;

    /// <summary>Notes one, or counts it.</summary>
    public async Task NoteAsync(string name, string address, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (Take(now) is not { } before) return;
        var isKnown = Names.Check(name) is null && await store.LoadAsync<OperatorState>(OperatorState.IdOf(name), cancel) is not null;
        var entry = new AuditEntry(Guid.CreateVersion7(now), now, "nobody", "POST /v1/admin/sign-in");
        await audit.BeginAsync(entry, cancel);
        var others = before == 0 ? "" : $"; {before} more before that were not noted";
        await audit.EndAsync(entry.Id, StatusCodes.Status401Unauthorized, $"{(isKnown ? $"operator '{name}'" : "no operator")}, from {(address.Length > 0 ? address : "an unknown address")}{others}", cancel);
    }

    /// <summary>How many were not noted before, when this one is to be; null: it is not.</summary>
    private int? Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now - _began >= Hour) (_began, _noted) = (now, 0);
            if (_noted >= MaxAnHour)
            {
                _unnoted++;
                return null;
            }

            _noted++;
            var before = _unnoted;
            _unnoted = 0;
            return before;
        }
    }
}
