using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Tests.Samples;

/// <summary>An admin server that keeps connection records by their id, and can lose its answer.</summary>
internal sealed class ScriptedAdmin : IAdmin
{
    public Dictionary<Guid, ConnectionRecord> Records { get; } = [];

    public int Received { get; private set; }

    /// <summary>The answer after the records were kept; null: granted.</summary>
    public Refusal? Refusal { get; set; }

    public Task<Outcome<Done>> ShipRecordsAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel)
    {
        Received += records.Count;
        foreach (var record in records) Records.TryAdd(record.Id, record);
        return Task.FromResult<Outcome<Done>>(Refusal is { } refusal ? refusal : Done.Instance);
    }

    public Task<Outcome<Done>> TakeReportAsync(PlayTold told, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<CatalogueEntry>> FindContentAsync(EntryRequest request, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<IReadOnlyList<ContentSummary>>> ListContentsAsync(Done request, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<SessionSummary>> OpenSessionAsync(OpenSession request, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<ValidSession>> ValidateSessionAsync(SessionId session, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<Done>> EndSessionAsync(SessionId session, CancellationToken cancel) => throw new NotSupportedException();
}
