using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Client.Connections;
using Scdn.Client.Downloads;
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

    private static readonly DialledSockets Sockets = new();

    // One for all: who has signed in asks to play over the same connection.
    private static readonly PinnedClients Http = new(
        tls => new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectCallback = Sockets.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        },
        Patience,
        PinnedTls.Compare);

    /// <summary>So long one host is waited for, when there is another to ask.</summary>
    private static readonly TimeSpan ElsewhereAfter = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly ControlAddress[] _sites;

    // The one of them that answered last.
    private volatile int _first;

    /// <summary>Talks to the site where the session was opened; where that answers at several hosts, to another one when the first does not.</summary>
    /// <param name="session">Of <see cref="SignInAsync(Uri, string, string, TimeProvider, CancellationToken)"/>, or kept by <see cref="SessionFile"/>; not disposed of with this.</param>
    /// <param name="time">The clock: <see cref="TimeProvider.System"/>.</param>
    public SiteClient(ViewerSession session, TimeProvider time) => (Session, _time, _sites) = (session, time, [new(session.Site, session.Trust.Pins), .. session.OtherSites]);

    /// <summary>The session.</summary>
    public ViewerSession Session { get; }

    /// <summary>Begins to connect to a site that will be asked soon, as while a password is typed, and returns at once; whatever goes wrong is told to who asks. A site that was connected to before is left as it is.</summary>
    /// <param name="site">Where the site answers.</param>
    /// <param name="trust">How the site is known to be the right one: as it will be when it is asked.</param>
    public static void Dial(Uri site, SiteTrust trust)
    {
        if (trust.WhyNot(site) is not null) return;
        var withdrawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Sockets.TryDial(site, withdrawn.Task)) return;
        using var stop = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Head, site);
        try
        {
            var asked = Http.For(site, trust.Pins).SendAsync(request, stop.Token);
            _ = asked.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
        }
        finally
        {
            // Nothing is asked: a connection that was begun for a request is finished without it, for the next one.
            stop.Cancel();
            withdrawn.SetResult();
        }
    }

    /// <summary>Opens a session that is bound to a fresh key pair, at a site on loopback or one that an authority vouches for: where the site counts devices, it counts as one more.</summary>
    /// <inheritdoc cref="SignInAsync(Uri, SiteTrust, string, string, TimeProvider, CancellationToken)"/>
    public static Task<ViewerSession> SignInAsync(Uri site, string user, string password, TimeProvider time, CancellationToken cancellationToken) =>
        SignInAsync(site, SiteTrust.ByAuthority, user, password, time, cancellationToken);

    /// <summary>Opens a session that is bound to this device's key pair, by which the site knows the device again, at a site on loopback or one that an authority vouches for.</summary>
    /// <inheritdoc cref="SignInAsync(Uri, SiteTrust, string, string, DeviceKey, TimeProvider, CancellationToken)"/>
    public static Task<ViewerSession> SignInAsync(Uri site, string user, string password, DeviceKey device, TimeProvider time, CancellationToken cancellationToken) =>
        SignInAsync(site, SiteTrust.ByAuthority, user, password, device, time, cancellationToken);

    /// <summary>Opens a session that is bound to a fresh key pair: where the site counts devices, it counts as one more.</summary>
    /// <param name="site">Where the site answers.</param>
    /// <param name="trust">How the site is known to be the right one.</param>
    /// <param name="user">The viewer's name.</param>
    /// <param name="password">The viewer's password; sent once, kept nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SiteException">Unknown viewer or wrong password (<see cref="SiteException.IsUnauthorized"/>), or no answer.</exception>
    public static Task<ViewerSession> SignInAsync(Uri site, SiteTrust trust, string user, string password, TimeProvider time, CancellationToken cancellationToken) =>
        SignInAsync(site, trust, user, password, ECDsa.Create(ECCurve.NamedCurves.nistP256), null, time, cancellationToken);

    /// <summary>Opens a session that is bound to this device's key pair, by which the site knows the device again.</summary>
    /// <inheritdoc cref="SignInAsync(Uri, SiteTrust, string, string, TimeProvider, CancellationToken)"/>
    /// <param name="site">Where the site answers.</param>
    /// <param name="trust">How the site is known to be the right one.</param>
    /// <param name="user">The viewer's name.</param>
    /// <param name="password">The viewer's password; sent once, kept nowhere.</param>
    /// <param name="device">This device.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ViewerSession> SignInAsync(Uri site, SiteTrust trust, string user, string password, DeviceKey device, TimeProvider time, CancellationToken cancellationToken) =>
        SignInAsync(site, trust, user, password, device.NewSessionKey(), null, time, cancellationToken);

    /// <summary>Opens a session and begins a play with the same request: the first <see cref="PlayAsync(ContentId, bool, CancellationToken)"/> of that content asks nothing further.</summary>
    /// <inheritdoc cref="SignInAsync(Uri, SiteTrust, string, string, TimeProvider, CancellationToken)"/>
    /// <param name="site">Where the site answers.</param>
    /// <param name="trust">How the site is known to be the right one.</param>
    /// <param name="user">The viewer's name.</param>
    /// <param name="password">The viewer's password; sent once, kept nowhere.</param>
    /// <param name="device">This device; null: one that is not known again.</param>
    /// <param name="content">What to play. When it is refused, the session is open all the same, and <see cref="PlayAsync(ContentId, bool, CancellationToken)"/> says why.</param>
    /// <param name="countsSeeks">As there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ViewerSession> SignInToPlayAsync(
        Uri site, SiteTrust trust, string user, string password, DeviceKey? device, ContentId content, bool countsSeeks, TimeProvider time, CancellationToken cancellationToken) =>
        SignInAsync(site, trust, user, password, device?.NewSessionKey() ?? ECDsa.Create(ECCurve.NamedCurves.nistP256), new(content, countsSeeks), time, cancellationToken);

    private static async Task<ViewerSession> SignInAsync(
        Uri site, SiteTrust trust, string user, string password, ECDsa key, LicenceRequest? play, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new SignInRequest(user, password, play?.Request), SiteJson.Default.SignInRequest);
            using var request = NewRequest(HttpMethod.Post, new(site, "/v1/site/sign-in"), body);
            request.Headers.Add("DPoP", Proof.Create(key, "POST", request.RequestUri!, null, body, time.GetUtcNow()));
            var answer = await SendAsync(request, trust, SiteJson.Default.SignInAnswer, cancellationToken);
            var sites = answer.Sites ?? [];
            var learned = trust.Learn(sites.Select(one => one.Pins));
            Http.Learn(site, trust.Pins, learned.Pins);
            return new(site, answer.Session, user, answer.Credential, answer.Expires, key)
            {
                Trust = learned,
                OtherSites = OthersOf(site, sites, trust.InsecureHttp),
                Begun = play is null ? null : new(play, answer.Play, answer.PlayRefused is { } refused ? Refused((HttpStatusCode)refused.Status, refused.Detail) : null),
            };
        }
        catch
        {
            key.Dispose();
            play?.Dispose();
            throw;
        }
    }

    /// <summary>What the viewer may choose from: <see cref="ContentSummary.Id"/> is what <see cref="PlayAsync(ContentId, CancellationToken)"/> takes.</summary>
    /// <exception cref="SiteException">The session has ended (<see cref="SiteException.IsUnauthorized"/>), or no answer.</exception>
    public async Task<IReadOnlyList<ContentSummary>> GetContentsAsync(CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Get, "/v1/site/contents", [], SiteJson.Default.ContentSummaryArray, cancellationToken);

    /// <summary>
    /// Asks to play: one request, which counts one play. The grant renews itself with the same play while it is used: servers from the ranking, and a
    /// further authentication key before the first ends, also when a newer version was published meanwhile. It fails with <see cref="NetworkException"/> once the content is no longer published, or
    /// the version that plays is not kept any more.
    /// </summary>
    /// <param name="content">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What <see cref="NetworkManager.Start"/> takes.</returns>
    /// <exception cref="SiteException">No such content, no plays left, or no answer.</exception>
    /// <exception cref="LicenceException">The answer is not about what was asked.</exception>
    /// <exception cref="HeaderException">The header can't be used.</exception>
    public Task<PlayGrant> PlayAsync(ContentId content, CancellationToken cancellationToken) => PlayAsync(content, countsSeeks: false, cancellationToken);

    /// <summary>The same, for a player that may count seeks.</summary>
    /// <inheritdoc cref="PlayAsync(ContentId, CancellationToken)"/>
    /// <param name="content">What.</param>
    /// <param name="countsSeeks">Whether each seek is asked of <see cref="PlayLimits.TrySeek"/>: else what was bought for so many only is refused.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PlayGrant> PlayAsync(ContentId content, bool countsSeeks, CancellationToken cancellationToken)
    {
        if (Session.Begun is { } begun && begun.TryTake(content, _time.GetUtcNow(), out var answer))
        {
            using (begun) return GrantOf(begun.Licence, answer ?? await AskToPlayAsync(begun.Licence.Request, cancellationToken));
        }

        using var licence = new LicenceRequest(content, countsSeeks);
        return GrantOf(licence, await AskToPlayAsync(licence.Request, cancellationToken));
    }

    /// <summary>Asks to play as <see cref="PlayAsync(ContentId, bool, CancellationToken)"/> does, by an id that the caller keeps: asked for again in the same session, also by another program, it is the same play and counts nothing further.</summary>
    internal async Task<PlayGrant> PlayByIdAsync(ContentId content, Guid play, bool countsSeeks, CancellationToken cancellationToken)
    {
        using var licence = new LicenceRequest(content, countsSeeks, play);
        return GrantOf(licence, await AskToPlayAsync(licence.Request, cancellationToken));
    }

    /// <summary>The best content servers for a content, as they are now.</summary>
    public async Task<IReadOnlyList<RankedServer>> GetServersAsync(ContentId content, CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Get, $"/v1/site/contents/{content}/servers", [], SiteJson.Default.RankedServerArray, cancellationToken);

    /// <summary>What may be fetched of a content before a play of it is asked for; nothing is counted.</summary>
    internal Task<PrepareAnswer> PrepareAsync(ContentId content, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, $"/v1/site/contents/{content}/prepare", [], SiteJson.Default.PrepareAnswer, cancellationToken);

    /// <summary>Asks to take a content along.</summary>
    internal Task<DownloadAnswer> AskForDownloadAsync(DownloadRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post, "/v1/site/downloads", JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.DownloadRequest), SiteJson.Default.DownloadAnswer, cancellationToken);

    /// <summary>Hands in receipts.</summary>
    internal Task<DownloadStanding> HandInAsync(DownloadId download, ReceiptsRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post, $"/v1/site/downloads/{download}/receipts", JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.ReceiptsRequest), SiteJson.Default.DownloadStanding, cancellationToken);

    /// <summary>The addresses besides the one that was given. Those on loopback are worth something only to who asked on loopback.</summary>
    internal static IReadOnlyList<ControlAddress> OthersOf(Uri site, IReadOnlyList<ControlAddress> sites, bool insecureHttp = false) =>
    [
        .. sites.Where(other => (other.Uri.Authority != site.Authority || other.Uri.Scheme != site.Scheme) && (!other.Uri.IsLoopback || site.IsLoopback) && PlainHttp.WhyNot(other.Uri, insecureHttp) is null).Distinct(),
    ];

    private static SiteException Silent(string site, TimeSpan patience, Exception? inner = null) =>
        new($"The contents site {site} has not answered for {patience.TotalSeconds:0} seconds: try again later.", null, isTransient: true, inner);

    private static ServerAccess AccessOf(PlayAnswer answer) => new(answer.AuthenticationKey, answer.KeyExpires, answer.Servers) { Mirrors = ServerAccess.MirrorsOf(answer.Mirrors) };

    private PlayPlace PlaceOf(PlayNotice play, TimeSpan keepEvery) =>
        new() { KeepEvery = keepEvery, KeepAsync = token => TellAsync("/v1/site/plays/keep", play, token), EndAsync = token => TellAsync("/v1/site/plays/end", play, token) };

    private Task<bool> ReportAsync(PlayReport report, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, "/v1/site/plays/report", JsonSerializer.SerializeToUtf8Bytes(report, SiteJson.Default.PlayReport), TellAsync, cancellationToken);

    private Task<bool> TellAsync(string path, PlayNotice notice, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(notice, SiteJson.Default.PlayNotice), TellAsync, cancellationToken);

    private static async Task<bool> TellAsync(HttpRequestMessage request, SiteTrust trust, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(request, trust, cancellationToken);
        return true;
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri url, byte[] body)
    {
        var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Get) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        return request;
    }

    private static async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, SiteTrust trust, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var answer = await SendAsync(request, trust, cancellationToken);
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
    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, SiteTrust trust, CancellationToken cancellationToken)
    {
        var site = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        if (trust.WhyNot(request.RequestUri) is { } insecure) throw new SiteException(insecure, null, isTransient: false);
        HttpResponseMessage answer;
        try
        {
            answer = await Http.For(request.RequestUri, trust.Pins).SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            if (PinnedTls.ReasonOf(error) is { } untrusted) throw new SiteException(untrusted, null, isTransient: false, error);
            throw new SiteException($"The contents site {site} can't be reached ({error.HttpRequestError}): is it running, and is the address right?", null, isTransient: true, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(site, Patience, error);
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
        return Refused(answer.StatusCode, sentence);
    }

    private static SiteException Refused(HttpStatusCode status, string sentence) => new(sentence, status, isTransient: status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError);

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
        catch (SiteException error) when (error.Status is HttpStatusCode.Conflict)
        {
            // Published anew, and what plays is kept no longer.
            throw new NetworkException(error.Message, inner: error);
        }

        // Servers that hold another version have other parts: none of them gives what is still missing of this one.
        if (!playing.Hash.AsSpan().SequenceEqual(answer.HeaderHash))
            throw new NetworkException($"The site answered with another header (version {answer.Version}) of content {request.Content} than the one that plays (version {playing.Version}): start it again.");
        return AccessOf(answer);
    }

    private PlayGrant GrantOf(LicenceRequest licence, PlayAnswer answer)
    {
        var content = licence.Request.Content;
        var (header, claims) = licence.Open(answer, _time.GetUtcNow());
        ContentKey? key = null;
        if (claims is not null)
        {
            if (claims.ContentKey.Length != ContentKey.Size) throw new LicenceException($"The licence for content {content} holds no content key.");
            key = new(claims.ContentKey);
            CryptographicOperations.ZeroMemory(claims.ContentKey);
        }

        var manifest = header.Open(key);
        return new()
        {
            Header = header,
            Manifest = manifest,
            Key = key,
            Access = AccessOf(answer),
            Limits = answer.Limits is { } limits ? LimitsOf(manifest.Title, licence.Request, limits) : null,
            RenewAsync = token => RenewAsync(licence.Request with { Version = header.Version }, header, token),
            Play = licence.Request.Play,
            ReportAsync = ReportAsync,
            Place = answer.KeepEverySeconds is > 0 and var seconds ? PlaceOf(new(content, licence.Request.Play), TimeSpan.FromSeconds(seconds)) : null,
        };
    }

    private PlayLimits LimitsOf(string title, PlayRequest play, LicenceLimits limits) => new(title, limits.ServerTime, _time)
    {
        PlaysLeft = limits.PlaysLeft,
        Until = limits.Until,
        Ends = limits.Ends,
        Seeks = limits.SeeksLeft is { } left ? new(left, (seeks, token) => CountSeeksAsync(new(play.Content, play.Play, seeks), token)) : null,
    };

    private async Task<int?> CountSeeksAsync(SeekNotice notice, CancellationToken cancellationToken) => (await AskAsync(
        HttpMethod.Post, "/v1/site/plays/seeks", JsonSerializer.SerializeToUtf8Bytes(notice, SiteJson.Default.SeekNotice), SiteJson.Default.SeekStanding, cancellationToken)).SeeksLeft;

    private Task<PlayAnswer> AskToPlayAsync(PlayRequest request, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Post,
        "/v1/site/play",
        JsonSerializer.SerializeToUtf8Bytes(request, SiteJson.Default.PlayRequest),
        SiteJson.Default.PlayAnswer,
        cancellationToken);

    private Task<TAnswer> AskAsync<TAnswer>(HttpMethod method, string path, byte[] body, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class => AskAsync(method, path, body, (request, trust, token) => SendAsync(request, trust, type, token), cancellationToken);

    private async Task<TAnswer> AskAsync<TAnswer>(
        HttpMethod method, string path, byte[] body, Func<HttpRequestMessage, SiteTrust, CancellationToken, Task<TAnswer>> send, CancellationToken cancellationToken)
    {
        SiteException? failure = null;
        var first = _first;
        for (var turn = 0; turn < _sites.Length; turn++)
        {
            var place = (first + turn) % _sites.Length;
            // Who is the last to be asked has all the time: a play is counted once, however often it is asked for.
            using var limit = new CancellationTokenSource(turn < _sites.Length - 1 ? ElsewhereAfter : Timeout.InfiniteTimeSpan, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                using var request = Prove(_sites[place].Uri, method, path, body);
                var answer = await send(request, Session.Trust with { Pins = _sites[place].Pins }, either.Token);
                _first = place;
                return answer;
            }
            catch (SiteException error) when (error.IsElsewhereBetter)
            {
                failure ??= error;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure ??= Silent(_sites[place].Uri.GetLeftPart(UriPartial.Authority), ElsewhereAfter);
            }
        }

        throw failure!;
    }

    private HttpRequestMessage Prove(Uri site, HttpMethod method, string path, byte[] body)
    {
        var request = NewRequest(method, new(site, path), body);
        request.Headers.Authorization = new("DPoP", Session.Credential);
        request.Headers.Add("DPoP", Proof.Create(Session.Key, method.Method, request.RequestUri!, Session.Credential, body, _time.GetUtcNow()));
        return request;
    }
}
