using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Hosts;

/// <summary>What an operator can ask of the admin server (docs/http-api.md).</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    private AdminClient(Uri control, SiteTrust trust, string? token)
    {
        if (trust.WhyNot(control) is { } insecure) throw new CliException(insecure);
        var tls = PinnedTls.OptionsFor(control.Authority, trust.Pins?.All ?? [], PinnedTls.Compare);
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false, AllowAutoRedirect = false, SslOptions = tls })
        {
            BaseAddress = control,
            // An upload takes as long as it takes; what never answers is ended by Ctrl-C.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    /// <summary>A client that shows nothing yet: to sign in.</summary>
    public static AdminClient Connect(Uri control, SiteTrust trust) => new(control, trust, token: null);

    /// <summary>A client that shows the token of a sign-in.</summary>
    public static AdminClient Connect(Login login, SiteTrust trust) => new(login.Control, trust, login.Token);

    /// <summary>A client that shows the token in a file.</summary>
    public static AdminClient Connect(Uri control, string tokenFile, SiteTrust? trust = null)
    {
        if (!File.Exists(tokenFile)) throw new CliException($"The operator's token is not in {tokenFile}: name its file with --token-file.");
        var token = File.ReadAllText(tokenFile).Trim();
        if (token.Length == 0 || token.Any(letter => !char.IsAscii(letter) || char.IsControl(letter) || letter == ' '))
            throw new CliException($"The file {tokenFile} does not hold an operator's token: name the right one with --token-file.");
        return new(control, trust ?? SiteTrust.ByAuthority, token);
    }

    public Task<ClusterStatus> StatusAsync(CancellationToken stop) => GetAsync("v1/admin/status", AdminJson.Default.ClusterStatus, stop);

    public Task<IReadOnlyList<ContentStatus>> ContentsAsync(CancellationToken stop) => GetAsync("v1/admin/contents", AdminJson.Default.IReadOnlyListContentStatus, stop);

    public Task RemoveContentAsync(ContentId content, CancellationToken stop) => DeleteAsync($"v1/admin/contents/{content}", stop);

    public Task<Page<UserSummary>> UsersAsync(string? after, int limit, CancellationToken stop) =>
        GetAsync($"v1/admin/users{Query(("limit", $"{limit}"), ("after", after))}", AdminJson.Default.PageUserSummary, stop);

    public Task<UserSummary> AddUserAsync(AddUserRequest user, CancellationToken stop) =>
        PostAsync("v1/admin/users", user, AdminJson.Default.AddUserRequest, AdminJson.Default.UserSummary, stop);

    public Task<UserSummary> LimitUserAsync(string name, UserLimits limits, CancellationToken stop) => ReadAsync(
        new(HttpMethod.Patch, $"v1/admin/users/{Uri.EscapeDataString(name)}/limits") { Content = JsonContent.Create(limits, AdminJson.Default.UserLimits) }, AdminJson.Default.UserSummary, stop);

    public Task<ContentLimits> LimitContentAsync(ContentId content, ContentLimits limits, CancellationToken stop) =>
        ReadAsync(new(HttpMethod.Patch, $"v1/admin/contents/{content}/limits") { Content = JsonContent.Create(limits, AdminJson.Default.ContentLimits) }, AdminJson.Default.ContentLimits, stop);

    public Task<IReadOnlyList<DeviceSummary>> DevicesAsync(string user, CancellationToken stop) =>
        GetAsync($"v1/admin/users/{Uri.EscapeDataString(user)}/devices", AdminJson.Default.IReadOnlyListDeviceSummary, stop);

    public Task RemoveDeviceAsync(string user, string device, CancellationToken stop) => DeleteAsync($"v1/admin/users/{Uri.EscapeDataString(user)}/devices/{Uri.EscapeDataString(device)}", stop);

    public Task<ConfigurationAnswer> ConfigurationAsync(CancellationToken stop) => GetAsync("v1/admin/configuration", AdminJson.Default.ConfigurationAnswer, stop);

    public Task<ConfigurationAnswer> ChangeConfigurationAsync(ConfigurationEdit edit, CancellationToken stop) =>
        ReadAsync(new(HttpMethod.Patch, "v1/admin/configuration") { Content = JsonContent.Create(edit, AdminJson.Default.ConfigurationEdit) }, AdminJson.Default.ConfigurationAnswer, stop);

    public Task<ConfigurationAnswer> RevertConfigurationAsync(ConfigurationRevert revert, CancellationToken stop) =>
        PostAsync("v1/admin/configuration/revert", revert, AdminJson.Default.ConfigurationRevert, AdminJson.Default.ConfigurationAnswer, stop);

    public Task<IReadOnlyList<ConfigurationChange>> ConfigurationHistoryAsync(CancellationToken stop) =>
        GetAsync("v1/admin/configuration/history", AdminJson.Default.IReadOnlyListConfigurationChange, stop);

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(int limit, Guid? before, CancellationToken stop) =>
        GetAsync($"v1/admin/audit?limit={limit}{(before is { } id ? $"&before={id}" : "")}", AdminJson.Default.IReadOnlyListAuditEntry, stop);

    public Task<IReadOnlyList<OperatorSummary>> OperatorsAsync(CancellationToken stop) => GetAsync("v1/admin/operators", AdminJson.Default.IReadOnlyListOperatorSummary, stop);

    public Task<OperatorSummary> AddOperatorAsync(AddOperatorRequest request, CancellationToken stop) =>
        PostAsync("v1/admin/operators", request, AdminJson.Default.AddOperatorRequest, AdminJson.Default.OperatorSummary, stop);

    public Task DisableOperatorAsync(string name, CancellationToken stop) => DeleteAsync($"v1/admin/operators/{Uri.EscapeDataString(name)}", stop);

    /// <summary>Gives an operator another password, as an owner.</summary>
    public Task SetPasswordAsync(string name, SetPasswordRequest request, CancellationToken stop) =>
        PutAsync($"v1/admin/operators/{Uri.EscapeDataString(name)}/password", request, AdminJson.Default.SetPasswordRequest, stop);

    /// <summary>Gives oneself another password.</summary>
    public Task ChangePasswordAsync(ChangePasswordRequest request, CancellationToken stop) => PutAsync("v1/admin/password", request, AdminJson.Default.ChangePasswordRequest, stop);

    public Task<OperatorSignInAnswer> SignInAsync(OperatorSignInRequest request, CancellationToken stop) =>
        PostAsync("v1/admin/sign-in", request, AdminJson.Default.OperatorSignInRequest, AdminJson.Default.OperatorSignInAnswer, stop);

    public Task SignOutAsync(CancellationToken stop) => SendAsync(new(HttpMethod.Post, "v1/admin/sign-out"), stop);

    public Task<IReadOnlyList<TokenSummary>> TokensAsync(CancellationToken stop) => GetAsync("v1/admin/tokens", AdminJson.Default.IReadOnlyListTokenSummary, stop);

    public Task<AddedToken> AddTokenAsync(AddTokenRequest request, CancellationToken stop) =>
        PostAsync("v1/admin/tokens", request, AdminJson.Default.AddTokenRequest, AdminJson.Default.AddedToken, stop);

    public Task RevokeTokenAsync(string id, CancellationToken stop) => DeleteAsync($"v1/admin/tokens/{Uri.EscapeDataString(id)}", stop);

    public Task<EntitlementSummary> GrantAsync(string user, ContentId content, EntitlementRequest grant, CancellationToken stop) =>
        ReadAsync(
            new(HttpMethod.Put, EntitlementPath(user, content)) { Content = JsonContent.Create(grant, AdminJson.Default.EntitlementRequest) }, AdminJson.Default.EntitlementSummary, stop);

    public Task TakeBackAsync(string user, ContentId content, string? purchase, CancellationToken stop) =>
        DeleteAsync($"{EntitlementPath(user, content)}{(purchase is null ? "" : $"?purchase={Uri.EscapeDataString(purchase)}")}", stop);

    public Task<Page<EntitlementSummary>> EntitlementsAsync(string? user, string? after, int limit, CancellationToken stop)
    {
        var path = user is null ? "v1/admin/entitlements" : $"v1/admin/users/{Uri.EscapeDataString(user)}/entitlements";
        return GetAsync($"{path}?limit={limit}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", AdminJson.Default.PageEntitlementSummary, stop);
    }

    public Task DisableUserAsync(string name, CancellationToken stop) => DeleteAsync($"v1/admin/users/{Uri.EscapeDataString(name)}", stop);

    /// <summary>A page of sessions.</summary>
    /// <param name="user">Only of this user; null: of all.</param>
    /// <param name="state">live, ended or all.</param>
    /// <param name="after">Where the page before ended; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Page<SessionSummary>> SessionsAsync(string? user, string state, string? after, int limit, CancellationToken stop) =>
        GetAsync($"v1/admin/sessions{Query(("state", state), ("limit", $"{limit}"), ("user", user), ("after", after))}", AdminJson.Default.PageSessionSummary, stop);

    public Task<SessionSummary> AddSessionAsync(AddSessionRequest session, CancellationToken stop) =>
        PostAsync("v1/admin/sessions", session, AdminJson.Default.AddSessionRequest, AdminJson.Default.SessionSummary, stop);

    public Task<EndedSessions> EndSessionsAsync(string user, CancellationToken stop) =>
        ReadAsync(new(HttpMethod.Delete, $"v1/admin/sessions{Query(("user", user))}"), AdminJson.Default.EndedSessions, stop);

    public Task DeleteSessionAsync(SessionId session, CancellationToken stop) => DeleteAsync($"v1/admin/sessions/{session}", stop);

    public Task<SessionSummary> ValidateSessionAsync(SessionId session, CancellationToken stop) =>
        GetAsync($"v1/admin/sessions/{session}/validity", AdminJson.Default.SessionSummary, stop);

    public Task<IssuedKeySummary> IssueKeyAsync(IssueKeyRequest request, CancellationToken stop) =>
        PostAsync("v1/admin/keys", request, AdminJson.Default.IssueKeyRequest, AdminJson.Default.IssuedKeySummary, stop);

    public Task<KeyStatus> VerifyKeyAsync(VerifyKeyRequest request, CancellationToken stop) =>
        PostAsync("v1/admin/keys/verify", request, AdminJson.Default.VerifyKeyRequest, AdminJson.Default.KeyStatus, stop);

    public Task RevokeKeyAsync(KeyId key, CancellationToken stop) => DeleteAsync($"v1/admin/keys/{key}", stop);

    public Task<IReadOnlyList<ServerStatus>> ServersAsync(CancellationToken stop) => GetAsync("v1/admin/servers", AdminJson.Default.IReadOnlyListServerStatus, stop);

    public Task ExpelServerAsync(ServerId server, CancellationToken stop) => DeleteAsync($"v1/admin/servers/{server}", stop);

    public Task<IReadOnlyList<HostStatus>> HostsAsync(CancellationToken stop) => GetAsync("v1/admin/hosts", AdminJson.Default.IReadOnlyListHostStatus, stop);

    public Task RemoveHostAsync(string name, CancellationToken stop) => DeleteAsync($"v1/admin/hosts/{Uri.EscapeDataString(name)}", stop);

    public Task<JoinTokenAnswer> NewJoinTokenAsync(CancellationToken stop) =>
        ReadAsync(new(HttpMethod.Post, "v1/admin/servers/tokens"), AdminJson.Default.JoinTokenAnswer, stop);

    public Task<StatisticsAnswer> StatisticsAsync(IEnumerable<(string Name, string? Value)> parameters, CancellationToken stop) =>
        GetAsync($"v1/admin/stats{Query(parameters)}", AdminJson.Default.StatisticsAnswer, stop);

    public Task<IReadOnlyList<LoggedRecord>> LogAsync(IEnumerable<(string Name, string? Value)> parameters, CancellationToken stop) =>
        GetAsync($"v1/admin/log{Query(parameters)}", AdminJson.Default.IReadOnlyListLoggedRecord, stop);

    /// <summary>Plays of a user, or whose id or session's id begins so, the newest first.</summary>
    public Task<IReadOnlyList<PlaySummary>> PlaysAsync((string Name, string? Value) which, int limit, CancellationToken stop) =>
        GetAsync($"v1/admin/plays{Query(which, ("limit", $"{limit}"))}", AdminJson.Default.IReadOnlyListPlaySummary, stop);

    public Task<PlayExplanation> ExplainAsync(Guid play, CancellationToken stop) => GetAsync($"v1/admin/plays/{play}", AdminJson.Default.PlayExplanation, stop);

    public Task DepositKeyAsync(ContentId content, int version, ContentKey key, CancellationToken stop) =>
        SendAsync(
            new(HttpMethod.Put, $"v1/admin/content-keys/{content}") { Content = JsonContent.Create(new KeyDeposit(content, version, key.Bytes.ToArray()), AdminJson.Default.KeyDeposit) },
            stop);

    public async Task UploadPartAsync(ContentId content, PublicPart part, string path, Action<long> sent, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        if (file.Length != part.StoredLength) throw new PartException(part.Id, $"Part {part.Id} has {file.Length} bytes instead of {part.StoredLength}: copy it here again.", transient: false, reason: PartFault.WrongLength);
        await SendAsync(new(HttpMethod.Put, $"v1/admin/uploads/{content}/parts/{part.Id}") { Content = new CountedContent(file, part.StoredLength, sent) }, stop);
    }

    public Task PublishAsync(ContentId content, ReadOnlyMemory<byte> header, string? title, IEnumerable<Succession> successions, CancellationToken stop)
    {
        var path = $"v1/admin/uploads/{content}/header{(title is null ? "" : $"?title={Uri.EscapeDataString(title)}")}";
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(header) };
        foreach (var succession in successions) request.Headers.Add(Succession.HeaderName, succession.HeaderValue);
        return SendAsync(request, stop);
    }

    /// <summary>What happens, as it happens, until cancelled or the host ends.</summary>
    public async IAsyncEnumerable<LiveEvent> EventsAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await SendForAsync(new(HttpMethod.Get, "v1/admin/events"), HttpCompletionOption.ResponseHeadersRead, stop);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.Length > 0 && JsonSerializer.Deserialize(line, AdminJson.Default.LiveEvent) is { } happened) yield return happened;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Query(params IEnumerable<(string Name, string? Value)> values) =>
        "?" + string.Join('&', values.Where(value => value.Value is not null).Select(value => $"{value.Name}={Uri.EscapeDataString(value.Value!)}"));

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) => ReadAsync(new(HttpMethod.Get, path), type, stop);

    private Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken stop) =>
        ReadAsync(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, answerType, stop);

    private static string EntitlementPath(string user, ContentId content) => $"v1/admin/users/{Uri.EscapeDataString(user)}/entitlements/{content}";

    private Task PutAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken stop) =>
        SendAsync(new(HttpMethod.Put, path) { Content = JsonContent.Create(body, type) }, stop);

    private Task DeleteAsync(string path, CancellationToken stop) => SendAsync(new(HttpMethod.Delete, path), stop);

    private async Task SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var response = await SendForAsync(request, HttpCompletionOption.ResponseContentRead, stop);
    }

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var response = await SendForAsync(request, HttpCompletionOption.ResponseContentRead, stop);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, stop) ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException fault)
        {
            throw new HostException($"The host at {_http.BaseAddress} answered in words that this program does not know: is it of another version?", response.StatusCode, fault);
        }
    }

    private async Task<HttpResponseMessage> SendForAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken stop)
    {
        using (request)
        {
            HttpResponseMessage response;
            try
            {
                response = await _http.SendAsync(request, completion, stop);
            }
            catch (HttpRequestException fault) when (PinnedTls.ReasonOf(fault) is { } untrusted)
            {
                throw new HostException(untrusted, null, fault);
            }
            // Or not even a connection in time.
            catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
            {
                throw new HostException(
                    $"No control host answers at {_http.BaseAddress}: see whether it runs with 'scdn cluster status', or name another with --control.", null, fault);
            }

            if (response.IsSuccessStatusCode) return response;
            using (response) throw await RefusedAsync(response, stop);
        }
    }

    private static async Task<HostException> RefusedAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await response.Content.ReadFromJsonAsync(AdminJson.Default.Problem, stop)
            : null;
        var detail = problem?.Detail ?? problem?.Title ?? response.ReasonPhrase ?? response.StatusCode.ToString();
        return new(
            response.StatusCode == HttpStatusCode.Unauthorized && response.RequestMessage?.Headers.Authorization is not null ? $"The control host does not take the operator's token: {detail}" : detail,
            response.StatusCode);
    }

    /// <summary>A stream as a request's body, of a known length, that says how much of it was sent.</summary>
    private sealed class CountedContent : HttpContent
    {
        private const int BufferSize = 256 * 1024;
        private readonly Stream _source;
        private readonly long _length;
        private readonly Action<long> _sent;

        public CountedContent(Stream source, long length, Action<long> sent)
        {
            (_source, _length, _sent) = (source, length, sent);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = new byte[Math.Min(BufferSize, _length)];
            for (int read; (read = await _source.ReadAsync(buffer, cancellationToken)) > 0; _sent(read)) await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}
