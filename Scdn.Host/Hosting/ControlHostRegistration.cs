using Scdn.Grains.ControlHosts;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting;

/// <summary>Makes this control host known to all others, once it listens.</summary>
internal sealed class ControlHostRegistration(IGrainStore store, HostSettings settings, HostAddress address, HostKey key, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var registered = await store.ChangeAsync<ControlHostState>(
            settings.Name,
            _ => ControlHostGrain.Register(settings.Name, address.Public, settings.Roles, settings.Gateway, key.PublicJson, time.GetUtcNow()),
            cancellationToken);
        if (!registered.IsGranted(out _, out var refusal)) throw new HostStartException(refusal.Detail);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
