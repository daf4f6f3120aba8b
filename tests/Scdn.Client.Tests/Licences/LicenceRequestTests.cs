using System.Text.Json;
using Scdn.Client.Licences;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Tests.Licences;

internal sealed class LicenceRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TestContent _content = null!;
    private LicenceRequest _request = null!;

    [SetUp]
    public async Task MakeContent()
    {
        _content = await TestContent.MakeAsync(200_000);
        _request = new(_content.Header.Content);
    }

    [TearDown]
    public void Remove()
    {
        _request.Dispose();
        _content.Dispose();
    }

    [Test]
    public void Unwraps_the_content_key()
    {
        var (header, licence) = _request.Open(Answer(), Now);

        using var key = new ContentKey(licence!.ContentKey);
        Assert.That(header.Open(key).Title, Is.EqualTo("Film"));
    }

    [Test]
    public void Refuses_a_header_that_is_not_the_one_named()
    {
        var answer = Answer() with { HeaderHash = new byte[32] };

        Assert.That(() => _request.Open(answer, Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("not the one that the site names"));
    }

    [Test]
    public void Refuses_an_older_version_than_the_one_named()
    {
        Assert.That(() => _request.Open(Answer() with { Version = 2 }, Now), Throws.InstanceOf<LicenceException>());
    }

    [Test]
    public void Refuses_a_header_of_the_version_before_the_one_that_the_site_names([Values] bool asItsOwnVersion)
    {
        using var publisher = PublisherKey.Generate();
        var newer = Header.Parse(HeaderWriter.Write(_content.Header.Content, 2, _content.Manifest, _content.Header.Parts, _content.Key, publisher));
        var answer = Answer() with { HeaderHash = [.. newer.Hash], Version = asItsOwnVersion ? 1 : 2 };

        Assert.That(() => _request.Open(answer, Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("not the one that the site names"));
        Assert.That(_request.Open(answer with { Header = newer.File.ToArray(), Version = 2 }, Now).Header.Version, Is.EqualTo(2));
    }

    [Test]
    public void Refuses_an_answer_about_another_content()
    {
        using var other = new LicenceRequest(ContentId.New());

        Assert.That(() => other.Open(Answer(), Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("another content"));
    }

    [Test]
    public void Refuses_a_licence_that_is_wrapped_for_another_viewer()
    {
        using var other = new LicenceRequest(_content.Header.Content);

        Assert.That(() => other.Open(Answer(), Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("not wrapped for this viewer"));
    }

    [Test]
    public void Refuses_a_licence_that_has_ended()
    {
        Assert.That(() => _request.Open(Answer(expires: Now), Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("ended"));
    }

    [Test]
    public void Says_so_when_a_protected_content_comes_without_a_licence()
    {
        Assert.That(() => _request.Open(Answer() with { Licence = null }, Now), Throws.InstanceOf<LicenceException>().With.Message.Contains("no licence"));
    }

    private PlayAnswer Answer(DateTimeOffset? expires = null)
    {
        var claims = new LicenceClaims(_content.Header.Content, _content.Key!.Bytes.ToArray(), expires ?? Now.AddHours(1), null);
        var viewer = _request.Request.ViewerKey.Deserialize(SiteJson.Default.JsonWebKey)!;
        var licence = Jwe.Encrypt(viewer, JsonSerializer.SerializeToUtf8Bytes(claims, SiteJson.Default.LicenceClaims));
        return new(_content.Header.Content, 1, [.. _content.Header.Hash], _content.Header.File.ToArray(), "key", Now.AddHours(1), licence, []);
    }
}
