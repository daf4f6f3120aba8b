using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Trust;

[CancelAfter(60_000)]
internal sealed class HostSignerTests
{
    private static readonly AuthenticationKeyClaims Claims = new(KeyId.New(), "p", ContentId.New(), [ServerId.New()], 4_000_000_000);

    private readonly FakeTime _time = new();
    private TempFolder _folder = null!;
    private SampleStore _sample = null!;
    private StoreProcess _process = null!;
    private MasterKey _master = null!;
    private HostSettings _settings = null!;

    [SetUp]
    public async Task Open()
    {
        _folder = new();
        _sample = await SampleStore.MakeAsync(Engine.Sqlite);
        _process = _sample.Open();
        _settings = new() { Roles = ["gateway"], Name = "gateway", DataFolder = _folder.Path, Listen = new("http://127.0.0.1:0") };
        _master = new(_settings);
    }

    [TearDown]
    public async Task Close()
    {
        _master.Dispose();
        await _process.DisposeAsync();
        _sample.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Signs_under_the_same_key_after_a_restart()
    {
        var first = await RunAsync(signer => Task.FromResult(KeyOf(signer)));

        Assert.That(await RunAsync(signer => Task.FromResult(KeyOf(signer))), Is.EqualTo(first));
        Assert.That(await KeysAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Takes_another_key_after_its_lifetime_which_is_known_before_it_is_used_and_retires_the_first()
    {
        await RunAsync(async signer =>
        {
            var first = KeyOf(signer);
            await _time.UntilArmedAsync();
            _time.Advance(HostSigner.KeyLifetime);
            await Eventually.HoldsAsync(async () => (await KeysAsync()).Count == 2, "the next key is told");
            await _time.UntilArmedWithinAsync(SigningKeyGrain.Overlap);
            Assert.That(KeyOf(signer), Is.EqualTo(first));

            _time.Advance(SigningKeyGrain.Overlap);
            await Eventually.HoldsAsync(() => KeyOf(signer) != first, "the next key is used");
            await Eventually.HoldsAsync(async () => (await KeysAsync()).Single(key => key.Id == first).State.Retired is not null, "the first is retired");
            Assert.That((await KeysAsync()).Single(key => key.Id != first).State.Retired, Is.Null);
            return 0;
        });
    }

    [Test]
    public async Task Goes_on_with_a_change_of_keys_that_was_cut_short()
    {
        var first = await RunAsync(signer => Task.FromResult(KeyOf(signer)));
        _time.Advance(HostSigner.KeyLifetime);
        // As if it had ended between making the next key and using it.
        await RunAsync(async _ =>
        {
            await Eventually.HoldsAsync(async () => (await KeysAsync()).Count == 2, "the next key is told");
            return 0;
        });
        _time.Advance(SigningKeyGrain.Overlap);

        await RunAsync(async signer =>
        {
            Assert.That(KeyOf(signer), Is.Not.EqualTo(first));
            await Eventually.HoldsAsync(async () => (await KeysAsync()).Single(key => key.Id == first).State.Retired is not null, "the first is retired");
            return 0;
        });
        Assert.That(await KeysAsync(), Has.Count.EqualTo(2));
    }

    private static string KeyOf(HostSigner signer)
    {
        var head = signer.Sign(AuthenticationKeyClaims.Type, Claims, WireJson.Default.AuthenticationKeyClaims).Split('.')[0];
        return JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(head)).RootElement.GetProperty("kid").GetString()!;
    }

    private async Task<List<Stored<SigningKeyState>>> KeysAsync()
    {
        var keys = new List<Stored<SigningKeyState>>();
        await foreach (var key in _process.Grains.ListAllAsync<SigningKeyState>(default)) keys.Add(key);
        return keys;
    }

    private async Task<T> RunAsync<T>(Func<HostSigner, Task<T>> work)
    {
        using var signer = new HostSigner(_process.Grains, _master, _settings, _time, NullLogger<HostSigner>.Instance);
        await signer.StartAsync(default);
        try
        {
            return await work(signer);
        }
        finally
        {
            await signer.StopAsync(default);
        }
    }
}
