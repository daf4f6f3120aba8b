using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

/// <summary>What nobody should send, sent to a host with all roles: each is answered with a problem detail that gives nothing away, and leaves one line in the log, without what was shown.</summary>
internal sealed class BadInputTests
{
    private const string User = "alice";
    private const string Password = "correct horse battery";

    private readonly TempFolder _folder = new();
    private RunningHost _host = null!;
    private SplitSample _sample = null!;
    private Viewer _viewer = null!;
    private PlayAnswer _play = null!;

    private string PartPath => $"/v1/parts/{Header.Parse(_play.Header).Parts[0].Id}";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await RunningHost.StartAsync(_folder["data"], "all");
        _sample = await SplitSample.MakeAsync();
        (await _host.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(User, Password), Viewer.Json)).EnsureSuccessStatusCode();
        await _sample.PublishAsync(_host.Operator);
        _viewer = new Viewer(_host.Uri);
        (await _viewer.SignInAsync(User, Password)).EnsureSuccessStatusCode();
        _play = await Eventually.GetAsync(async () =>
        {
            using var played = await _viewer.SendAsync(HttpMethod.Post, "/v1/site/play", _viewer.PlayOf(_sample.Content));
            return played.IsSuccessStatusCode ? await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json) : null;
        }, "the content server holds the content");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _viewer.Dispose();
        await _host.DisposeAsync();
        _sample.Dispose();
        _folder.Dispose();
    }

    [TestCase("without a signature")]
    [TestCase("alg none")]
    [TestCase("alg HS256, signed with the public key")]
    [TestCase("alg RS256")]
    [TestCase("of another kind")]
    [TestCase("signed by another key under the same name")]
    [TestCase("signed by a key that it brings along")]
    [TestCase("with an hour more")]
    [TestCase("with another content")]
    [TestCase("longer than any")]
    [TestCase("in text that is no base64url")]
    public async Task A_content_server_refuses_a_key(string that)
    {
        var token = Forge(that, _play.AuthenticationKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, PartPath);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        await RefusedAsync(_host.Anybody, request, HttpStatusCode.Unauthorized, token);
    }

    [TestCase("alg none")]
    [TestCase("signed by another key under the same name")]
    [TestCase("with an hour more")]
    public async Task The_site_refuses_a_credential(string that)
    {
        var token = Forge(that, _viewer.Credential!);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/site/contents");
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.Add("DPoP", Proof.Create(_viewer.Key, "GET", new Uri(_host.Uri, "/v1/site/contents"), token, [], DateTimeOffset.UtcNow));

        await RefusedAsync(_host.Anybody, request, HttpStatusCode.Unauthorized, token);
    }

    [TestCase(-120)]
    [TestCase(120)]
    public async Task The_site_refuses_a_proof_of_another_time(int seconds)
    {
        var proof = Proof.Create(_viewer.Key, "GET", new Uri(_host.Uri, "/v1/site/contents"), _viewer.Credential, [], DateTimeOffset.UtcNow.AddSeconds(seconds));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/site/contents") { Headers = { Authorization = new("DPoP", _viewer.Credential) } };
        request.Headers.Add("DPoP", proof);

        Assert.That(await RefusedAsync(_host.Anybody, request, HttpStatusCode.Unauthorized, proof), Does.Contain("too old or from the future"));
    }

    [Test]
    public async Task A_licence_request_that_was_overheard_is_refused_when_it_comes_again()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(_viewer.PlayOf(_sample.Content), Viewer.Json);
        var proof = _viewer.Prove(HttpMethod.Post, "/v1/site/licence", body);
        using (var first = await _host.Anybody.SendAsync(Licence())) first.EnsureSuccessStatusCode();

        Assert.That(await RefusedAsync(_host.Anybody, Licence(), HttpStatusCode.Unauthorized, proof), Does.Contain("used already"));

        HttpRequestMessage Licence() => new(HttpMethod.Post, "/v1/site/licence")
        {
            Headers = { { "Authorization", $"DPoP {_viewer.Credential}" }, { "DPoP", proof } },
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
    }

    [TestCase("{", "not JSON of the expected form")]
    [TestCase("[]", "not JSON of the expected form")]
    [TestCase("null", "no body")]
    [TestCase("{\"password\":\"long enough\"}", "lacks 'name'")]
    [TestCase("{\"name\":null,\"password\":\"long enough\"}", "'$.name'")]
    [TestCase("{\"name\":7,\"password\":\"long enough\"}", "'$.name'")]
    [TestCase("{\"name\":\"bob\",\"password\":\"long enough\",\"role\":\"owner\"}", "'$.role'")]
    [TestCase("{\"name\":\"x'; DROP TABLE grains; --\",\"password\":\"long enough\"}", "name")]
    [TestCase("{\"name\":\"../../etc/passwd\",\"password\":\"long enough\"}", "name")]
    [TestCase("{\"name\":\"a\\u0000b\",\"password\":\"long enough\"}", "name")]
    public async Task A_body_that_is_wrong_is_refused_with_a_word_on_where(string body, string where)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/users") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        Assert.That(await RefusedAsync(_host.Operator, request, HttpStatusCode.BadRequest, "long enough"), Does.Contain(where));
    }

    [TestCase("GET", "/v1/admin/sessions/' OR 1=1 --/validity", HttpStatusCode.NotFound)]
    [TestCase("DELETE", "/v1/admin/contents/%2e%2e%2f%2e%2e%2fetc%2fpasswd", HttpStatusCode.NotFound)]
    [TestCase("DELETE", "/v1/admin/users/%0a%1b", HttpStatusCode.NotFound)]
    [TestCase("GET", "/v1/admin/log?limit=many", HttpStatusCode.BadRequest)]
    [TestCase("GET", "/v1/admin/../../operator.token", HttpStatusCode.NotFound)]
    [TestCase("PUT", "/v1/admin/uploads/..%2f..%2fetc/parts/passwd", HttpStatusCode.NotFound)]
    [TestCase("TRACE", "/v1/admin/users", HttpStatusCode.MethodNotAllowed)]
    [TestCase("POST", "/v1/admin/users", HttpStatusCode.UnsupportedMediaType)]
    public async Task An_address_that_is_a_trick_leads_nowhere(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PUT" or "POST") request.Content = new StringContent("x");

        await RefusedAsync(_host.Operator, request, status, "etc/passwd/");
    }

    [TestCase("/v1/admin/users", "application/json; charset=nonsense")]
    [TestCase("/v1/site/sign-in", "application/json; charset=nonsense")]
    [TestCase("/v1/hosts/join", "application/json; charset=nonsense")]
    [TestCase("/v1/admin/users", "application/json; charset=utf-7")]
    public async Task A_body_in_letters_that_are_not_known_is_refused(string path, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.That(await RefusedAsync(_host.Operator, request, HttpStatusCode.UnsupportedMediaType, "nonsense"), Does.Contain("UTF-8"));
    }

    [TestCase("/v1/admin/sessions?user=a%00b")]
    [TestCase("/v1/admin/users?after=%00")]
    [TestCase("/v1/admin/users?%00=1")]
    [TestCase("/v1/site/contents?%00")]
    [TestCase("/health?%00")]
    public async Task An_address_with_a_nul_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        Assert.That(await RefusedAsync(_host.Operator, request, HttpStatusCode.BadRequest, "=1"), Does.Contain("NUL"));
    }

    [TestCase("\"\\ud800\"")]
    [TestCase("\"a\\udc00\\ud800b\"")]
    public async Task A_body_with_half_a_letter_is_refused(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/sign-in") { Content = new StringContent($"{{\"name\":{name},\"password\":\"long enough\"}}", Encoding.UTF8, "application/json") };

        Assert.That(await RefusedAsync(_host.Anybody, request, HttpStatusCode.BadRequest, "long enough"), Does.Contain("not JSON of the expected form"));
    }

    [TestCase("/v1/admin/users")]
    [TestCase("/v1/site/sign-in")]
    [TestCase("/v1/hosts/join")]
    public async Task A_body_that_is_too_large_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($"{{\"name\":\"{new string('x', 2 << 20)}\"}}", Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;
        request.Headers.Add(path.StartsWith("/v1/site", StringComparison.Ordinal) ? "DPoP" : "Scdn-Proof", _viewer.Prove(HttpMethod.Post, path, []));

        await RefusedAsync(_host.Operator, request, HttpStatusCode.RequestEntityTooLarge, "xxxx");
    }

    [Test]
    public async Task A_body_that_trickles_in_is_cut_off()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Uri.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/admin/users HTTP/1.1\r\nHost: {_host.Uri.Authority}\r\nAuthorization: {_host.Operator.DefaultRequestHeaders.Authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"));

        // The server's patience is what is waited for.
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 408").And.Contain("application/problem+json"));
    }

    [Test]
    public async Task Of_ten_thousand_attempts_to_sign_in_only_some_are_looked_at_and_the_host_still_answers()
    {
        await using var host = await RunningHost.StartAsync(_folder["guessed"], "admin,cdmaster,ipmaster,proxy,gateway,site");
        using var thief = new Viewer(host.Uri);
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 10_000; attempt += 100)
        {
            statuses.AddRange(await Task.WhenAll(Enumerable.Range(attempt, 100).Select(async number =>
            {
                using var response = await thief.SignInAsync($"user-{number % 500}", $"guess-{number}");
                return response.StatusCode;
            })));
        }

        using var health = await host.Anybody.GetAsync("/health");
        Assert.That(statuses.Count(status => status == HttpStatusCode.Unauthorized), Is.InRange(60, 200));
        Assert.That(statuses.Where(status => status != HttpStatusCode.Unauthorized), Is.All.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Eventually.HoldsAsync(() => Lines(host.Log).Count() == 10_000, "each has left its line");
        Assert.That(host.Log, Does.Not.Contain("guess-"));
    }

    private static IEnumerable<string> Lines(string log) => log.Split('\n').Where(line => line.Contains("RefusalLog: Refused:", StringComparison.Ordinal));

    /// <summary>Sends it, and gives the sentence of the answer.</summary>
    private async Task<string> RefusedAsync(HttpClient http, HttpRequestMessage request, HttpStatusCode status, string shown)
    {
        var before = Lines(_host.Log).Count();
        using var response = await http.SendAsync(request);
        var said = await response.Content.ReadAsStringAsync();
        var detail = await Problem.DetailAsync(response, status);
        await Eventually.HoldsAsync(() => Lines(_host.Log).Count() > before, "the refusal is in the log");
        var lines = Lines(_host.Log).Skip(before).ToList();
        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Does.Contain($"{(int)status}").And.Not.Contain(shown));
            Assert.That(_host.Log, Does.Not.Contain("   at ").And.Not.Contain("Exception"));
            Assert.That(said, Does.Not.Contain("   at ").And.Not.Contain("Exception").And.Not.Contain("System.").And.Not.Contain("Scdn."));
        });
        return detail;
    }

    /// <summary>What a token becomes in the hands of somebody who has no key.</summary>
    private static string Forge(string how, string token)
    {
        var (header, claims, signature) = token.Split('.') is [var first, var second, var third] ? (first, second, third) : throw new ArgumentException("That is no token.", nameof(token));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return how switch
        {
            "without a signature" => $"{header}.{claims}.",
            "alg none" => $"{With(header, "alg", "\"none\"")}.{claims}.",
            "alg HS256, signed with the public key" => Hmac($"{With(header, "alg", "\"HS256\"")}.{claims}", own),
            "alg RS256" => $"{With(header, "alg", "\"RS256\"")}.{claims}.{signature}",
            "of another kind" => Sign($"{With(header, "typ", "\"JWT\"")}.{claims}", own),
            "signed by another key under the same name" => Sign($"{header}.{claims}", own),
            "signed by a key that it brings along" => Sign($"{With(header, "jwk", JsonSerializer.Serialize(JsonWebKey.Of(own), Viewer.Json))}.{claims}", own),
            "with an hour more" => $"{header}.{With(claims, "exp", (DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeSeconds()).ToString(System.Globalization.CultureInfo.InvariantCulture))}.{signature}",
            "with another content" => $"{header}.{With(claims, "cid", $"\"{ContentId.New()}\"")}.{signature}",
            "longer than any" => $"{header}.{claims}{new string('A', 20_000)}.{signature}",
            "in text that is no base64url" => $"{header}.{claims}=.{signature}",
            _ => throw new ArgumentOutOfRangeException(nameof(how), how, "No such forgery."),
        };
    }

    private static string With(string part, string member, string json)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Base64Url.DecodeFromChars(part))!;
        members[member] = JsonDocument.Parse(json).RootElement;
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));
    }

    private static string Sign(string input, ECDsa key) => $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";

    private static string Hmac(string input, ECDsa key) => $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(input)))}";
}
