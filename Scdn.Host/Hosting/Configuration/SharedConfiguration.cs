using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Configurations;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting.Configuration;

/// <summary>The configuration as operators see and change it, through any host that serves them.</summary>
internal sealed class SharedConfiguration(IGrainStore store, LiveSettings live, HostSettings host, TimeProvider time)
{
    public async Task<ConfigurationAnswer> ReadAsync(CancellationToken cancel) => Answer(await LoadAsync(cancel));

    /// <summary>The changes that are remembered, the newest first.</summary>
    public async Task<IReadOnlyList<ConfigurationChange>> HistoryAsync(CancellationToken cancel) => [.. (await LoadAsync(cancel)).History.Reverse()];

    public Task<Outcome<ConfigurationAnswer>> EditAsync(ConfigurationEdit edit, OperatorCaller caller, CancellationToken cancel) =>
        ChangeAsync(state => ConfigurationGrain.Edit(state, edit, AuthorOf(caller), time.GetUtcNow()), cancel);

    public Task<Outcome<ConfigurationAnswer>> RevertAsync(ConfigurationRevert revert, OperatorCaller caller, CancellationToken cancel) =>
        ChangeAsync(state => ConfigurationGrain.Revert(state, revert, AuthorOf(caller), time.GetUtcNow()), cancel);

    private static ConfigurationAnswer Answer(ConfigurationState state)
    {
        var (settings, _) = ConfigurationGrain.Read(state);
        return new(ConfigurationGrain.VersionOf(state), [.. Setting.All.Select(one => Summary(one, state, settings))]);
    }

    private static SettingSummary Summary(Setting setting, ConfigurationState state, Settings settings) => new(
        setting.Name, setting.Read(settings), setting.Read(Settings.Default), state.Values.ContainsKey(setting.Name), setting.Takes, setting.Role, setting.Description);

    private Author AuthorOf(OperatorCaller caller) => new(caller.Name, caller.Rights.Role, host.Name);

    private async Task<ConfigurationState> LoadAsync(CancellationToken cancel) =>
        (await store.LoadAsync<ConfigurationState>(ConfigurationState.Id, cancel))?.State ?? ConfigurationState.Empty;

    private async Task<Outcome<ConfigurationAnswer>> ChangeAsync(Func<ConfigurationState?, Change<ConfigurationState>> rule, CancellationToken cancel)
    {
        var changed = await store.ChangeAsync(ConfigurationState.Id, rule, cancel);
        if (!changed.IsGranted(out var stored, out var refusal)) return refusal;
        live.Take(stored.Version, stored.State);
        return Answer(stored.State);
    }
}
