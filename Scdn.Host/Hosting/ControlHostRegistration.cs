using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting;

/// <summary>
/// Makes this control host known to all others, once it listens, and what it is known by over TLS whenever that changes. One that was removed, or whose name is another's, does not start; one that is removed while it runs stops.
/// </summary>
internal sealed partial class ControlHostRegistration(
    IGrainStore store, HostSettings settings, HostAddress address, HostKey key, HostCertificate certificate, ClusterDirectory directory, TimeProvider time, ILogger<ControlHostRegistration> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KeyPins? _told;
    private DateTimeOffset _started;

    /// <summary>Before anything is signed by this host's name.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await foreach (var known in store.ListAllAsync<ControlHostState>(cancellationToken))
        {
            var refusal = ControlHostGrain.HasRemoved(known.State, key.PublicJson)
                ? ControlHostGrain.WasRemoved(known.Id)
                : known.Id == settings.Name ? ControlHostGrain.WhyNotStart(known.State, settings.Name, key.PublicJson) : null;
            if (refusal is not null) throw new HostStartException(refusal.Detail);
        }
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        (_started, var pins) = (time.GetUtcNow(), certificate.Pins);
        if ((await RegisterAsync(pins, cancellationToken)).Refusal is { } refusal) throw new HostStartException(refusal.Detail);
        _told = pins;
        _registered.SetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _registered.Task.WaitAsync(stoppingToken);
        var thumbprint = key.Public.Thumbprint();
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (directory.FindRemoved(thumbprint) is { } name) throw Ended(ControlHostGrain.WasRemoved(name));
            var pins = certificate.Pins;
            // The store was restored: nobody knows this host any more.
            var isKnown = directory.ControlHosts.Any(host => host.Name == settings.Name);
            if ((!isKnown || pins != _told) && await TryTellAsync(pins, stoppingToken)) _told = pins;
        }
    }

    private Task<Outcome<Stored<ControlHostState>>> RegisterAsync(KeyPins? pins, CancellationToken cancel) => store.ChangeAsync<ControlHostState>(
        settings.Name,
        state => ControlHostGrain.Register(state, settings.Name, address.Public, pins, settings.Roles, settings.Gateway, key.PublicJson, _started),
        cancel);

    private async Task<bool> TryTellAsync(KeyPins? pins, CancellationToken cancel)
    {
        try
        {
            var told = await RegisterAsync(pins, cancel);
            if (told.Refusal is { Kind: not RefusalKind.Unavailable } refusal) throw Ended(refusal);
            return told.Refusal is null;
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return false;
        }
    }

    private HostStartException Ended(Refusal refusal)
    {
        LogEnded(refusal.Detail);
        return new(refusal.Detail);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(140, LogLevel.Critical, "This host stops: {Reason}")]
    private partial void LogEnded(string reason);
}
