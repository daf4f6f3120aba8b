using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Client.Licences;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sessions;

/// <summary>
/// A contents site as a viewer sees it: sign in, choose, play. Every request carries a fresh proof of the viewer's own key (RFC 9449), so that a stolen
/// credential is worth nothing. What the site refuses throws <see cref="SiteException"/>.
/// </summary>
public sealed class SiteClient
{
    /// <summary>A play is one small answer; whoever takes longer is not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // One for all: who has signed in asks to play over the same connection.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Patience,
    };

    private readonly TimeProvider _time;

    /// <summary>Talks to the site where the session was opened.</summary>
    public SiteClient(ViewerSession session, TimeProvider time) => (Session, _time) = (session, time);

    /// <summary>The session.</summary>
    public ViewerSession Session { get; }

    /// <summary>Opens a session that is bound to a fresh key pair.</summary>
    /// <param name="site">Where the site answers.</param>
    /// <param name="user">The viewer's name.</param>
    /// <param name="password">The viewer's password; sent once, kept nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SiteException">Unknown viewer or wrong password (<see cref="SiteException.IsUnauthorized"/>), or no answer.</exception>
    public static async Task<ViewerSession> SignInAsync(Uri site, string user, string password, TimeProvider time, CancellationToken cancellationToken)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new SignInRequest(user, password), SiteJson.Default.SignInRequest);
            using var request = NewRequest(HttpMethod.Post, new(site, "/v1/site/sign-in"), body);
            request.Headers.Add("DPoP", Proof.Create(key, "POST", request.RequestUri!, null, body, time.GetUtcNow()));
            var answer = await SendAsync(request, SiteJson.Default.SignInAnswer, cancellationToken);
            return new(site, answer.Session, user, answer.Credential, answer.Expires, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>What the viewer may choose from.</summary>
    public async Task<IReadOnlyList<ContentSummary>> GetContentsAsync(CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Get, "/v1/site/contents", [], SiteJson.Default.ContentSummaryArray, cancellationToken);

    /// <summary>
    /// Asks to play: one request, which counts one play. The grant renews itself with the same play while it is used: servers from the ranking, and a
    /// further authentication key when the first is no longer accepted. It fails with <see cref="NetworkException"/> once what plays is no longer published.
    /// </summary>
    /// <exception cref="SiteException">No such content, no plays left, or no answer.</exception>
    /// <exception cref="LicenceException">The answer is not about what was asked.</exception>
    /// <exception cref="HeaderException">The header can't be used.</exception>
    public async Task<PlayGrant> PlayAsync(ContentId content, CancellationToken cancellationToken)
    {
        using var licence = new LicenceRequest(content);
        var answer = await AskToPlayAsync(licence.Request, cancellationToken);
        var (header, claims) = licence.Open(answer, _time.GetUtcNow());
        ContentKey? key = null;
        if (claims is not null)
        {
            if (claims.ContentKey.Length != ContentKey.Size) throw new LicenceException($"The licence for content {content} holds no content key.");
            key = new(claims.ContentKey);
            CryptographicOperations.ZeroMemory(claims.ContentKey);
        }

        return new()
        {
            Header = header,
            Manifest = header.Open(key),
            Key = key,
            Access = AccessOf(answer),
            RenewAsync = token => RenewAsync(licence.Request, header, token),
        };
    }

    /// <summary>Asks to take a content along.</summary>
    internal Task<DownloadAnswer> AskForDownloadAsync(DownloadRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post, "/v1/site/downloads", JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.DownloadRequest), SiteJson.Default.DownloadAnswer, cancellationToken);

    /// <summary>Hands in receipts.</summary>
    internal Task<DownloadStanding> HandInAsync(DownloadId download, ReceiptsRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post, $"/v1/site/downloads/{download}/receipts", JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.ReceiptsRequest), SiteJson.Default.DownloadStanding, cancellationToken);

    private static ServerAccess AccessOf(PlayAnswer answer) => new(answer.AuthenticationKey, answer.KeyExpires, answer.Servers);

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri url, byte[] body)
    {
        var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Get) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        return request;
    }

    private static async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var answer = await SendAsync(request, cancellationToken);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException error)
        {
            throw new SiteException($"What {request.RequestUri!.GetLeftPart(UriPartial.Authority)} answered is not what a contents site says: check the address.", answer.StatusCode, isTransient: false, error);
        }
    }

    // Gives answers that say yes only.
    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var site = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        HttpResponseMessage answer;
        try
        {
            answer = await Http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new SiteException($"The contents site {site} can't be reached ({error.HttpRequestError}): is it running, and is the address right?", null, isTransient: true, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SiteException($"The contents site {site} has not answered for {Patience.TotalSeconds:0} seconds: try again later.", null, isTransient: true, error);
        }

        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await RefusalAsync(answer, site, cancellationToken);
    }

    private static async Task<SiteException> RefusalAsync(HttpResponseMessage answer, string site, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        if (answer.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: "application/problem+json" or "application/json" })
        {
            try
            {
                problem = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), SiteJson.Default.Problem);
            }
            catch (JsonException)
            {
                // Then there is only the status to tell.
            }
        }

        var sentence = problem?.Detail ?? problem?.Title ?? $"The contents site {site} refused: {(int)answer.StatusCode} {answer.ReasonPhrase}.";
        var isTransient = answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return new(sentence, answer.StatusCode, isTransient);
    }

    private async Task<ServerAccess> RenewAsync(PlayRequest request, Header playing, CancellationToken cancellationToken)
    {
        PlayAnswer answer;
        try
        {
            answer = await AskToPlayAsync(request, cancellationToken);
        }
        catch (SiteException error) when (error.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            throw new NetworkException($"Content {request.Content} was withdrawn while it played: there is nothing more of it to be had.", inner: error);
        }

        // Servers that hold another version have other parts: none of them gives what is still missing of this one.
        if (!playing.Hash.AsSpan().SequenceEqual(answer.HeaderHash))
            throw new NetworkException($"Content {request.Content} was published anew while version {playing.Version} of it played (now it is version {answer.Version}): start it again.");
        return AccessOf(answer);
    }

    private Task<PlayAnswer> AskToPlayAsync(PlayRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post,
        "/v1/site/play",
        JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.PlayRequest),
        SiteJson.Default.PlayAnswer,
        cancellationToken);

    private async Task<TAnswer> AskAsync<TAnswer>(
        HttpMethod method, string path, byte[] body, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var request = Prove(method, path, body);
        return await SendAsync(request, type, cancellationToken);
    }

    private HttpRequestMessage Prove(HttpMethod method, string path, byte[] body)
    {
        var request = NewRequest(method, new(Session.Site, path), body);
        request.Headers.Authorization = new("DPoP", Session.Credential);
        request.Headers.Add("DPoP", Proof.Create(Session.Key, method.Method, request.RequestUri!, Session.Credential, body, _time.GetUtcNow()));
        return request;
    }
}
