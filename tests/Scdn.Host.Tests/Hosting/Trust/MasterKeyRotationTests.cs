using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.MasterKeys;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Trust;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(120_000)]
internal sealed class MasterKeyRotationTests(Engine engine) : StoreFixture(engine)
{
    private static readonly ContentId[] Contents = [ContentId.New(), ContentId.New(), ContentId.New()];
    private static readonly byte[] Secret = [.. Enumerable.Range(0, ContentKey.Size).Select(i => (byte)i)];

    private readonly FakeTime _time = new();
    private readonly List<string> _steps = [];
    private TempFolder _folder = null!;
    private HostSettings _settings = null!;

    [SetUp]
    public async Task Fill()
    {
        _steps.Clear();
        _folder = new();
        _settings = SettingsIn("a");
        using var master = new MasterKey(_settings);
        foreach (var content in Contents) Assert.That((await VaultOf(master).KeepAsync(content, 1, Secret, default)).Refusal, Is.Null);
        await RunSignerAsync(master);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task Seals_everything_under_a_new_key_and_keeps_the_former_apart(CancellationToken cancel)
    {
        var former = Ids(_settings).Single();
        var rotated = (await RunAsync(Rotation(), cancel)).Value!;

        Assert.That(Ids(_settings), Is.EqualTo([rotated.Key]).And.Not.EqualTo((string[])[former]));
        Assert.That(rotated.Resealed, Is.EqualTo(Contents.Length + 1));
        Assert.That(rotated.FormerFiles.Select(file => MasterKeySource.ParseFile(File.ReadAllBytes(file), file).Single().Id), Is.EqualTo((string[])[former]));
        Assert.That(await SealedUnderAsync(), Has.All.EqualTo(rotated.Key));
        await OpensAllAsync();
    }

    [Test]
    public async Task Takes_the_key_that_is_named(CancellationToken cancel)
    {
        var named = new SealingKey(RandomNumberGenerator.GetBytes(SealingKey.Size));

        Assert.That((await RunAsync(Rotation(), cancel, named)).Value!.Key, Is.EqualTo(named.Id));
        Assert.That((await RunAsync(Rotation(), cancel, named)).Refusal?.Detail, Does.Contain("is the master key already"));
    }

    [Test]
    public async Task Knows_a_content_key_again_that_was_kept_under_the_former_key(CancellationToken cancel)
    {
        await RunAsync(Rotation(), cancel);
        using var master = new MasterKey(_settings);

        Assert.That((await VaultOf(master).KeepAsync(Contents[0], 1, Secret, cancel)).Refusal, Is.Null);
        Assert.That((await VaultOf(master).KeepAsync(Contents[0], 1, new byte[ContentKey.Size], cancel)).Refusal?.Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public async Task Cut_short_at_any_step_leaves_a_store_that_opens_and_is_gone_on_with(CancellationToken cancel)
    {
        var former = Ids(_settings).Single();
        var cuts = 0;
        for (var step = 1; ; step++)
        {
            var left = step;
            var rotation = new MasterKeyRotation(new CutStore(Process.Grains, CountAsync), MasterKeySource.Of(_settings.DataFolder), _time, _ => Count());
            try
            {
                await RunAsync(rotation, cancel);
                break;
            }
            catch (CutException)
            {
                cuts++;
                await OpensAllAsync();
            }

            Task CountAsync()
            {
                Count();
                return Task.CompletedTask;
            }

            void Count()
            {
                if (--left == 0) throw new CutException();
            }
        }

        Assert.That(cuts, Is.GreaterThanOrEqualTo(Contents.Length + 4), "The key in the file, the question, the change, each secret, the former key apart.");
        Assert.That(await SealedUnderAsync(), Has.All.EqualTo(Ids(_settings).Single()).And.None.EqualTo(former));
        await OpensAllAsync();
    }

    [Test]
    public async Task Waits_with_sealing_for_hosts_that_lack_the_new_key(CancellationToken cancel)
    {
        var away = SettingsIn("b");
        Directory.CreateDirectory(away.DataFolder);
        File.Copy(KeyFile(_settings), KeyFile(away));
        await using var b = await StartHostAsync(away);
        var before = await SealedUnderAsync();
        var refused = await RunAsync(Rotation(), cancel);
        Assert.That(refused.Refusal?.Detail, Does.Contain("'b' lacks the new master key"));
        Assert.That(await SealedUnderAsync(), Is.EqualTo(before));

        File.Copy(KeyFile(_settings), KeyFile(away), overwrite: true);
        var rotated = (await RunAsync(Rotation(), cancel)).Value!;

        Assert.That(await SealedUnderAsync(), Has.All.EqualTo(rotated.Key));
        // It was not started again, and seals under the new key.
        Assert.That((await VaultOf(b.Master).KeepAsync(ContentId.New(), 1, Secret, cancel)).Refusal, Is.Null);
        Assert.That(await SealedUnderAsync(), Has.All.EqualTo(rotated.Key));
    }

    [Test]
    public async Task Goes_on_without_hosts_that_do_not_run_and_names_them(CancellationToken cancel)
    {
        await RegisterAsync(SettingsIn("gone"));
        await RegisterAsync(SettingsIn("removed"));
        await Process.Grains.ChangeAsync<ControlHostState>("removed", state => ControlHostGrain.Remove(state, _time.GetUtcNow()), cancel);

        Assert.That((await RunAsync(Rotation(), cancel)).Value!.SilentHosts, Is.EqualTo(["gone"]));
    }

    [Test]
    public async Task Takes_what_a_host_seals_late_under_the_former_key(CancellationToken cancel)
    {
        await using var a = await StartHostAsync(_settings);
        var late = ContentId.New();
        var former = MasterKeySource.Of(_settings.DataFolder).Read()[0];
        var sealedAnew = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rotation = new MasterKeyRotation(Process.Grains, MasterKeySource.Of(_settings.DataFolder), _time, step =>
        {
            if (step.Contains("sealed anew", StringComparison.Ordinal)) sealedAnew.SetResult();
        });
        var running = Task.Run(() => rotation.RunAsync(null, cancel), cancel);
        await AdvanceUntilAsync(sealedAnew.Task);
        // A host had begun to seal this before it heard of the new key.
        await KeepUnderAsync(former, late);
        await AdvanceUntilAsync(running);
        var rotated = (await running).Value!;

        Assert.That(await SealedUnderAsync(), Has.Count.EqualTo(Contents.Length + 2).And.All.EqualTo(rotated.Key));
    }

    [Test]
    public async Task Is_refused_when_a_run_from_another_folder_named_another_key_meanwhile(CancellationToken cancel)
    {
        var other = SettingsIn("b");
        Directory.CreateDirectory(other.DataFolder);
        File.Copy(KeyFile(_settings), KeyFile(other));
        MasterKeyRotated? named = null;
        var store = new CutStore(Process.Grains, async () => named ??= (await new MasterKeyRotation(Process.Grains, MasterKeySource.Of(other.DataFolder), _time, _ => { }).RunAsync(null, cancel)).Value);

        Assert.That((await RunAsync(RotationOver(store), cancel)).Refusal?.Detail, Does.Contain("Another 'rotate-master'"));
        Assert.That(await CurrentAsync(cancel), Is.EqualTo(named?.Key).And.Not.Null);
        Assert.That(await SealedUnderAsync(), Has.All.EqualTo(named?.Key));
        Assert.That(Ids(_settings), Has.Count.EqualTo(2), "No key was let go.");
    }

    [Test]
    public async Task Is_refused_when_another_run_has_asked_hosts_meanwhile(CancellationToken cancel)
    {
        var changes = 0;
        var store = new CutStore(Process.Grains, async () =>
        {
            // After its own question.
            if (++changes == 2) await Process.Grains.ChangeAsync<MasterKeyState>(MasterKeyState.Id, state => state! with { Asked = Guid.NewGuid() }, cancel);
        });

        Assert.That((await RunAsync(RotationOver(store), cancel)).Refusal?.Detail, Does.Contain("Another 'rotate-master'"));
        Assert.That(await CurrentAsync(cancel), Is.Null);
    }

    [TestCase("beside the former", ExpectedResult = false)]
    [TestCase("sealed anew", ExpectedResult = true)]
    public async Task<bool> Is_refused_when_the_file_was_changed_meanwhile(string after, CancellationToken cancel)
    {
        var others = $"{MasterKeySource.Line(new(RandomNumberGenerator.GetBytes(SealingKey.Size)))}";
        var rotation = RotationWith(step =>
        {
            if (step.Contains(after, StringComparison.Ordinal)) File.WriteAllText(KeyFile(_settings), others);
        });

        Assert.That((await RunAsync(rotation, cancel)).Refusal?.Detail, Does.Contain("were changed meanwhile"));
        Assert.That(await File.ReadAllTextAsync(KeyFile(_settings), cancel), Is.EqualTo(others));
        return await CurrentAsync(cancel) is not null;
    }

    [Test]
    public async Task Changes_nothing_with_the_key_of_another_store(CancellationToken cancel)
    {
        var other = SettingsIn("b");
        Directory.CreateDirectory(other.DataFolder);
        var line = MasterKeySource.Line(new(RandomNumberGenerator.GetBytes(SealingKey.Size)));
        await File.WriteAllTextAsync(KeyFile(other), line, cancel);

        Assert.That((await RunAsync(new(Process.Grains, MasterKeySource.Of(other.DataFolder), _time, _ => { }), cancel)).Refusal?.Detail, Does.Contain("was not sealed under"));
        Assert.That(await File.ReadAllTextAsync(KeyFile(other), cancel), Is.EqualTo(line));
        Assert.That(await Process.Grains.LoadAsync<MasterKeyState>(MasterKeyState.Id, cancel), Is.Null);
        await OpensAllAsync();
    }

    [Test]
    public async Task Leaves_a_host_that_missed_it_with_a_clear_sentence(CancellationToken cancel)
    {
        var away = SettingsIn("b");
        Directory.CreateDirectory(away.DataFolder);
        File.Copy(KeyFile(_settings), KeyFile(away));
        var rotated = (await RunAsync(Rotation(), cancel)).Value!;
        using var master = new MasterKey(away);

        Assert.That(async () => await VaultOf(master).FindAsync(Contents[0], 1, cancel), Throws.TypeOf<CryptographicException>().With.Message.Contains($"sealed under master key {rotated.Key}"));
        Assert.That((await VaultOf(master).KeepAsync(ContentId.New(), 1, Secret, cancel)).Refusal?.Detail, Does.Contain($"sealed under master key {rotated.Key} now, which this host lacks"));
    }

    [Test]
    public async Task Says_of_a_backup_from_before_which_key_it_needs_and_takes_it_with_that(CancellationToken cancel)
    {
        var backup = _folder["backup.db"];
        await using var upkeep = Sample.Upkeep();
        await upkeep.BackUpAsync(backup, cancel);
        var former = Ids(_settings).Single();
        var rotated = (await RunAsync(Rotation(), cancel)).Value!;
        await Process.DisposeAsync();
        await upkeep.RestoreAsync(backup, replace: true, cancel);
        Process = Sample.Open();

        using (var master = new MasterKey(_settings))
            Assert.That(async () => await VaultOf(master).FindAsync(Contents[0], 1, cancel), Throws.TypeOf<CryptographicException>().With.Message.Contains($"sealed under master key {former}").And.Message.Contains("a backup from before"));
        await File.WriteAllBytesAsync(KeyFile(_settings), [.. await File.ReadAllBytesAsync(rotated.FormerFiles[0], cancel), .. await File.ReadAllBytesAsync(KeyFile(_settings), cancel)], cancel);
        await OpensAllAsync();
        Assert.That((await RunAsync(Rotation(), cancel)).Value!.Key, Is.EqualTo(rotated.Key));
        await OpensAllAsync();
    }

    private static string KeyFile(HostSettings settings) => Path.Combine(settings.DataFolder, "master.key");

    private static List<string> Ids(HostSettings settings) => [.. MasterKeySource.Of(settings.DataFolder).Read().Select(key => key.Id)];

    private HostSettings SettingsIn(string name) => new() { Roles = ["gateway"], Name = name, DataFolder = _folder[name], Listen = new("http://127.0.0.1:0") };

    private ContentKeyVault VaultOf(MasterKey master) => new(Process.Grains, master, _time);

    private MasterKeyRotation Rotation() => new(Process.Grains, MasterKeySource.Of(_settings.DataFolder), _time, _steps.Add);

    private MasterKeyRotation RotationWith(Action<string> tell) => new(Process.Grains, MasterKeySource.Of(_settings.DataFolder), _time, tell);

    private MasterKeyRotation RotationOver(IGrainStore store) => new(store, MasterKeySource.Of(_settings.DataFolder), _time, _ => { });

    private async Task<string?> CurrentAsync(CancellationToken cancel) => (await Process.Grains.LoadAsync<MasterKeyState>(MasterKeyState.Id, cancel))?.State.Current;

    /// <summary>Runs it while the clock goes on.</summary>
    private async Task<Outcome<MasterKeyRotated>> RunAsync(MasterKeyRotation rotation, CancellationToken cancel, SealingKey? given = null)
    {
        var running = Task.Run(() => rotation.RunAsync(given, cancel), cancel);
        await AdvanceUntilAsync(running);
        return await running;
    }

    private Task AdvanceUntilAsync(Task task) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return task.IsCompleted;
        },
        "the key is changed");

    private async Task RunSignerAsync(MasterKey master)
    {
        using var signer = new HostSigner(Process.Grains, master, _settings, _time, NullLogger<HostSigner>.Instance);
        await signer.StartAsync(default);
        await signer.StopAsync(default);
    }

    /// <summary>As a host that is started now.</summary>
    private async Task OpensAllAsync()
    {
        using var master = new MasterKey(_settings);
        foreach (var content in Contents)
        {
            using var key = await VaultOf(master).FindAsync(content, 1, default);
            Assert.That(key?.Bytes.ToArray(), Is.EqualTo(Secret));
        }

        await RunSignerAsync(master);
        var signing = new List<Stored<SigningKeyState>>();
        await foreach (var key in Process.Grains.ListAllAsync<SigningKeyState>(default)) signing.Add(key);
        Assert.That(signing, Has.Count.EqualTo(1), "The signing key was opened, not another one made.");
    }

    private async Task<List<string?>> SealedUnderAsync()
    {
        var ids = new List<string?>();
        await foreach (var key in Process.Grains.ListAllAsync<ContentKeyState>(default)) ids.Add(SealingKey.IdOf(key.State.Sealed));
        await foreach (var key in Process.Grains.ListAllAsync<SigningKeyState>(default)) ids.Add(SealingKey.IdOf(key.State.SealedPrivateKey));
        return ids;
    }

    private async Task KeepUnderAsync(SealingKey key, ContentId content)
    {
        var id = ContentKeyState.IdOf(content, 1);
        await Process.Grains.ChangeAsync<ContentKeyState>(id, _ => new ContentKeyState(key.Seal(SealedGrains.ContentKeys, id, Secret), key.Fingerprint(SealedGrains.ContentKeys, Secret), _time.GetUtcNow()), default);
    }

    private async Task RegisterAsync(HostSettings settings) => await Process.Grains.ChangeAsync<ControlHostState>(
        settings.Name, _ => new ControlHostState(new("http://127.0.0.1:1"), ["gateway"], GatewayRank.Primary, JsonElement.Parse("{}"), _time.GetUtcNow()), default);

    private async Task<RunningWatch> StartHostAsync(HostSettings settings)
    {
        await RegisterAsync(settings);
        var master = new MasterKey(settings);
        var watch = new MasterKeyWatch(master, Process.Grains, settings, _time, NullLogger<MasterKeyWatch>.Instance);
        await watch.StartAsync(default);
        return new(master, watch);
    }

    private sealed record RunningWatch(MasterKey Master, MasterKeyWatch Watch) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Watch.StopAsync(default);
            Watch.Dispose();
            Master.Dispose();
        }
    }

    private sealed class CutException : Exception;

    /// <summary>A store behind which the process may end, or something else happen, before and after each change.</summary>
    private sealed class CutStore(IGrainStore store, Func<Task> count) : IGrainStore
    {
        public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.LoadAsync<TState>(id, cancel);

        public async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            await count();
            var changed = await store.ChangeAsync(id, rule, cancel);
            await count();
            return changed;
        }

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.RemoveAsync(grains, cancel);
    }
}
