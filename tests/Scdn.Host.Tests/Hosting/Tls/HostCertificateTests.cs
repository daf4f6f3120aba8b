using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Scdn.Format;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Tls;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Tls;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
internal sealed class HostCertificateTests : IDisposable
{
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);
    private readonly TempFolder _folder = new();
    private readonly SaidLog<HostCertificate> _log = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_host_has_the_same_pin_at_every_start_and_another_than_others()
    {
        using var first = Open();
        using var second = Open();
        using var other = Open(name: "other");
        Assert.That((second.Pins, other.Pins == first.Pins), Is.EqualTo((first.Pins, false)));
    }

    [Test]
    public async Task Its_certificate_is_renewed_well_before_its_end_and_the_pin_stays(CancellationToken cancel)
    {
        using var made = Open();
        var ends = made.Current!.Ends;
        var later = new FakeTime(ends - OwnCertificate.RenewedBefore - TimeSpan.FromMinutes(1));
        using var certificate = Open(time: later);
        var early = certificate.Current!.Ends;
        await certificate.StartAsync(cancel);
        await later.UntilArmedAsync().WaitAsync(cancel);

        later.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => certificate.Current.Ends > ends, "there is another certificate");

        Assert.That((early, certificate.Pins), Is.EqualTo((ends, made.Pins)));
        await certificate.StopAsync(cancel);
    }

    [Test]
    public void Its_certificate_is_made_anew_for_another_address_and_the_pin_stays()
    {
        using var before = Open();
        var kept = File.ReadAllText(_folder["hosts/control.tls.crt"]);
        using var same = Open();
        var again = File.ReadAllText(_folder["hosts/control.tls.crt"]);
        using var moved = Open(publicUri: new("https://control.example"));
        Assert.That((again, File.ReadAllText(_folder["hosts/control.tls.crt"]) == kept, moved.Pins), Is.EqualTo((kept, false, before.Pins)));
    }

    [Test]
    public void Its_certificate_is_for_all_its_names_and_a_damaged_one_is_made_anew()
    {
        Open(publicUri: new("https://control.example")).Dispose();
        using var made = X509CertificateLoader.LoadCertificateFromFile(_folder["hosts/control.tls.crt"]);
        File.WriteAllText(_folder["hosts/control.tls.crt"], "damaged");
        using var again = Open(publicUri: new("https://control.example"));
        Assert.That((made.MatchesHostname("control.example"), made.MatchesHostname("127.0.0.1"), KeyPin.Of(made)), Is.EqualTo((true, true, again.Pins!.Value.Shown)));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Its_keys_are_in_files_of_their_owner_only()
    {
        Open().Dispose();
        var modes = new[] { "hosts/control.tls.key", "hosts/control.tls.next.key" }.Select(file => File.GetUnixFileMode(_folder[file]));
        Assert.That(modes, Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Its_key_s_successor_which_it_has_told_of_is_shown_once_it_is_moved_over_and_has_one_itself(CancellationToken cancel)
    {
        using var certificate = Open();
        var before = certificate.Pins!.Value;
        await certificate.StartAsync(cancel);
        await _time.UntilArmedAsync().WaitAsync(cancel);

        File.Move(_folder["hosts/control.tls.next.key"], _folder["hosts/control.tls.key"], overwrite: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => certificate.Pins != before, "it shows another key");

        var after = certificate.Pins!.Value;
        using var shown = X509CertificateLoader.LoadCertificateFromFile(_folder["hosts/control.tls.crt"]);
        Assert.That((after.Shown, KeyPin.Of(shown), after.Successor is { } next && !before.All.Contains(next)), Is.EqualTo((before.Successor, before.Successor, true)));
        await certificate.StopAsync(cancel);
    }

    [Test]
    public void A_host_that_speaks_plain_http_has_none()
    {
        using var certificate = new HostCertificate(Settings() with { Listen = new("http://127.0.0.1:0") }, _time, _log);
        Assert.That((certificate.Pins, Directory.Exists(_folder["hosts"])), Is.EqualTo((default(KeyPins?), false)));
    }

    [Test]
    public async Task The_owners_certificate_is_read_again_when_its_files_change_and_not_while_they_do_not_belong_together(CancellationToken cancel)
    {
        using var old = TestCertificates.Make();
        using var fresh = TestCertificates.Make();
        Write(old.ExportCertificatePem(), old.KeyPem());
        using var certificate = Open(owners: true);
        await certificate.StartAsync(cancel);
        await _time.UntilArmedAsync().WaitAsync(cancel);
        var first = certificate.Pins;

        Write(fresh.ExportCertificatePem(), old.KeyPem());
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => _log.Lines.Any(line => line.Contains("stays as it was", StringComparison.Ordinal)), "it was looked at");
        var half = certificate.Pins;
        Write(fresh.ExportCertificatePem(), fresh.KeyPem());
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => certificate.Pins != half, "the other is shown");

        Assert.That((first?.Shown, half?.Shown, certificate.Pins?.Shown), Is.EqualTo(((KeyPin?)KeyPin.Of(old), (KeyPin?)KeyPin.Of(old), (KeyPin?)KeyPin.Of(fresh))));
        await certificate.StopAsync(cancel);
    }

    [TestCase("no certificate", "", null, "holds no certificate")]
    [TestCase("not PEM", "garbage", null, "holds no certificate")]
    [TestCase("half a certificate", "half", null, "can't be read")]
    [TestCase("no key", null, "", "holds no private key")]
    [TestCase("a certificate for a key", null, "certificate", "holds no private key")]
    [TestCase("another's key", null, "other", "is not the one of the certificate")]
    [TestCase("a passphrase", null, "encrypted", "has a passphrase")]
    [TestCase("half a key", null, "half", "is not the one of the certificate")]
    public void What_cannot_be_shown_is_refused_at_the_start_in_one_sentence(string what, string? certificate, string? key, string sentence)
    {
        using var made = TestCertificates.Make();
        using var other = TestCertificates.Make();
        var (pem, keyPem) = (made.ExportCertificatePem(), made.KeyPem());
        Write(
            certificate switch { null => pem, "half" => Halved(pem), _ => certificate },
            key switch { null => keyPem, "certificate" => pem, "other" => other.KeyPem(), "encrypted" => Encrypted(made), "half" => Halved(keyPem), _ => key });

        Assert.That(() => Open(owners: true), Throws.InstanceOf<HostStartException>().With.Message.Contains(sentence).And.Message.Not.Contains("\n"), what);
    }

    [TestCase(-90, -1, "ended on")]
    [TestCase(1, 90, "is good from")]
    public void A_certificate_that_is_not_good_now_is_refused_at_the_start(int from, int until, string sentence)
    {
        using var made = TestCertificates.Make(from: from, until: until);
        Write(made.ExportCertificatePem(), made.KeyPem());
        Assert.That(() => Open(owners: true), Throws.InstanceOf<HostStartException>().With.Message.Contains(sentence));
    }

    [Test]
    public void A_file_that_is_missing_is_named() =>
        Assert.That(() => Open(owners: true), Throws.InstanceOf<HostStartException>().With.Message.Contains("owner.crt").And.Message.Contains("can't be read"));

    [Test]
    public void Whatever_bytes_the_files_hold_the_start_fails_in_one_sentence()
    {
        var random = new Random(7);
        using var made = TestCertificates.Make();
        var (pem, key) = (System.Text.Encoding.ASCII.GetBytes(made.ExportCertificatePem()), System.Text.Encoding.ASCII.GetBytes(made.KeyPem()));
        for (var round = 0; round < 200; round++)
        {
            var (changedPem, changedKey) = (pem.ToArray(), key.ToArray());
            var bytes = round % 2 == 0 ? changedPem : changedKey;
            for (var change = random.Next(1, 20); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_folder["owner.crt"], changedPem);
            File.WriteAllBytes(_folder["owner.key"], changedKey);
            try
            {
                Open(owners: true).Dispose();
            }
            catch (HostStartException refused)
            {
                Assert.That(refused.Message, Does.Not.Contain("\n").And.EndsWith("."));
            }
        }
    }

    private static string Halved(string pem)
    {
        var lines = pem.Split('\n');
        return string.Join('\n', [.. lines[..2], .. lines[^2..]]);
    }

    private static string Encrypted(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportEncryptedPkcs8PrivateKeyPem("a passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    private void Write(string certificate, string key)
    {
        _folder.Write("owner.crt", certificate);
        _folder.Write("owner.key", key);
    }

    private HostSettings Settings() => new() { Roles = ["gateway"], Name = "control", DataFolder = _folder.Path, Listen = new("https://127.0.0.1:0") };

    private HostCertificate Open(string name = "control", Uri? publicUri = null, bool owners = false, FakeTime? time = null) => new(
        Settings() with { Name = name, PublicUri = publicUri, Certificate = owners ? new(_folder["owner.crt"], _folder["owner.key"]) : null }, time ?? _time, _log);
}
