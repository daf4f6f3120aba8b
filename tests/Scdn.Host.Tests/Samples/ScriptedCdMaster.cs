using System.Threading.Channels;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Tests.Samples;

/// <summary>A CD master that names the sources a test gives it, and hands on what was reported.</summary>
internal sealed class ScriptedCdMaster : ICdMaster
{
    private readonly Channel<ReplicaReport> _reports = Channel.CreateUnbounded<ReplicaReport>();
    private int _planned;

    public IReadOnlyList<Uri> Sources { get; set; } = [];

    /// <summary>What an answer to a report waits for.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>How often a plan was asked for.</summary>
    public int Planned => Volatile.Read(ref _planned);

    public ValueTask<ReplicaReport> NextReportAsync(CancellationToken cancel) => _reports.Reader.ReadAsync(cancel);

    public Task<Outcome<CopyPlan>> PlanCopyAsync(CopyRequest request, CancellationToken cancel)
    {
        Interlocked.Increment(ref _planned);
        return Task.FromResult<Outcome<CopyPlan>>(new CopyPlan("ticket", [.. Sources.Select(source => new CopySource(source))]));
    }

    public async Task<Outcome<Done>> ReportReplicaAsync(ReplicaReport report, CancellationToken cancel)
    {
        var answering = Answering;
        _reports.Writer.TryWrite(report);
        await answering.WaitAsync(cancel);
        return Done.Instance;
    }

    public Task<Outcome<JoinAnswer>> JoinAsync(JoinRequest request, CancellationToken cancel) => throw new NotSupportedException();
}
