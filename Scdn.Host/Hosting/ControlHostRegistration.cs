using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting;

/// <summary>Makes this control host known to all others, once it listens, and what it is known by over TLS whenever that changes.</summary>
internal sealed partial class ControlHostRegistration(
    IGrainStore store, HostSettings settings, HostAddress address, HostKey key, HostCertificate certificate, TimeProvider time, ILogger<ControlHostRegistration> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KeyPins? _told;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var pins = certificate.Pins;
        ControlHostState? former = null;
        var registered = await store.ChangeAsync<ControlHostState>(
            settings.Name,
            state =>
            {
                former = state;
                return ControlHostGrain.Register(settings.Name, address.Public, pins, settings.Roles, settings.Gateway, key.PublicJson, time.GetUtcNow());
            },
            cancellationToken);
        if (!registered.IsGranted(out _, out var refusal)) throw new HostStartException(refusal.Detail);
        if (former is not null && !JsonElement.DeepEquals(former.PublicKey, key.PublicJson)) LogReplaced(settings.Name, former.Uri);
        _told = pins;
        _registered.SetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _registered.Task.WaitAsync(stoppingToken);
        if (_told is null) return;
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (certificate.Pins is { } pins && pins != _told && await TryTellAsync(pins, stoppingToken)) _told = pins;
        }
    }

    private async Task<bool> TryTellAsync(KeyPins pins, CancellationToken cancel)
    {
        try
        {
            return (await store.ChangeAsync<ControlHostState>(settings.Name, state => ControlHostGrain.ShowKeys(state, pins), cancel)).IsGranted(out _, out _);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return false;
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(140, LogLevel.Warning, "A control host with another key was known as {Name} before, at {Uri}: it is refused from now on; if it still runs, give one of the two another --name")]
    private partial void LogReplaced(string name, Uri uri);
}
