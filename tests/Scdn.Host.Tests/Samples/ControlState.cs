using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Manifests;
using Scdn.Host.Data;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>What control roles share, over a real store in a folder of its own.</summary>
internal sealed class ControlState : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteOutbox _outbox;
    private readonly ChangeFeed _feed;
    private readonly MasterKey _master;

    private ControlState(TimeProvider time)
    {
        var settings = new HostSettings { Roles = ["admin", "cdmaster"], Name = "control", DataFolder = _folder.Path, Listen = new("http://127.0.0.1:0") };
        _database = SqliteDatabase.Open(_folder["scdn.db"], time);
        Store = new(_database, time);
        _outbox = new(_database, TimeProvider.System);
        _feed = new(_outbox, TimeProvider.System, FeedRetention.Default);
        _master = new(settings);
        Signer = new(Store, _master, settings, time, NullLogger<HostSigner>.Instance);
        Directory = new(Store, _feed, time);
        Placements = new(_feed);
    }

    public SqliteGrainStore Store { get; }

    public HostSigner Signer { get; }

    public ClusterDirectory Directory { get; }

    public Placements Placements { get; }

    public static async Task<ControlState> StartAsync(TimeProvider time)
    {
        var state = new ControlState(time);
        await state.Signer.StartAsync(default);
        await state.Directory.StartAsync(default);
        await state.Placements.StartAsync(default);
        await state.Placements.Ready;
        return state;
    }

    public async Task AddControlHostAsync(string name, Uri uri, params string[] roles)
    {
        await Store.ChangeAsync<ControlHostState>(name, _ => new ControlHostState(uri, roles, GatewayRank.None, NewKey().Json, default), default);
        await UntilAsync(() => Directory.ControlHosts.Any(host => host.Name == name));
    }

    public async Task<ServerId> AddServerAsync(Uri uri)
    {
        var id = ServerId.New();
        await Store.ChangeAsync<ContentServerState>(id.ToString(), _ => new ContentServerState("s", uri, NewKey().Json, default), default);
        await UntilAsync(() => Placements.FindServer(id) is not null);
        return id;
    }

    public async Task PublishAsync(ContentId content, int version)
    {
        await Store.ChangeAsync<ManifestState>(content.ToString(), _ => new ManifestState("t", version, [(byte)version], 1, 1, 1, false, "p", default), default);
        await UntilAsync(() => Placements.FindContent(content)?.Version == version);
    }

    /// <summary>Waits until the feed has brought something about.</summary>
    public Task UntilAsync(Func<bool> isSo) => Eventually.HoldsAsync(isSo, "the feed has brought it about");

    public static (string Thumbprint, JsonElement Json) NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKey.Of(key);
        return (jwk.Thumbprint(), JsonSerializer.SerializeToElement(jwk, HostJson.Options));
    }

    public async ValueTask DisposeAsync()
    {
        await Placements.StopAsync(default);
        await Directory.StopAsync(default);
        Placements.Dispose();
        Directory.Dispose();
        await Signer.StopAsync(default);
        Signer.Dispose();
        _master.Dispose();
        await _feed.DisposeAsync();
        _outbox.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }
}
