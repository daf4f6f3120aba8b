using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Roles.ContentServer;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>What a content server does before it sends anything: on one thread, keys that were seen before, and keys that are new to it but were told of by the feed.</summary>
internal static class KeyChecks
{
    private const int SeenKeys = 1000;
    private const int NewKeys = 20_000;

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long keys that were seen before are shown again.", DefaultValueFactory = _ => 5 };

    public static Command Create()
    {
        var command = new Command("key-checks", "Authentication keys at a content server.") { Seconds };
        command.SetAction((parsed, stop) => RunAsync(TimeSpan.FromSeconds(parsed.GetValue(Seconds)), stop));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan span, CancellationToken stop)
    {
        using var folder = new TempFolder();
        var settings = new HostSettings { Roles = ["content"], Name = "s1", DataFolder = folder.Path, Listen = new("http://127.0.0.1:0") };
        var (view, membership, told) = (new ServerView(TimeProvider.System), new Membership(settings), new Teller());
        membership.Keep(new JoinAnswer(told.Server, []));
        view.Take(told.Line() with { Reset = true }, first: true);
        view.Take(told.SigningKey(), first: true);
        view.Take(told.Line() with { CaughtUp = true }, first: true);
        await using var app = WebApplication.CreateSlimBuilder().Build();
        using var records = new RecordLog(folder["records"], new NoAdmin(), TimeProvider.System, NullLogger<RecordLog>.Instance);
        var access = new ViewerAccess(
            view, membership, new KeyStandings(view, new NoGateway(), TimeProvider.System), new ProofReader(new HostAddress(app.Services.GetRequiredService<IServer>(), settings), new ReplayCache(TimeProvider.System), TimeProvider.System),
            new ServedSessions(TimeProvider.System), records, TimeProvider.System);

        var seen = await MeasureAsync(access, Keys(told, view, SeenKeys), span, again: true, stop);
        var fresh = await MeasureAsync(access, Keys(told, view, NewKeys), span, again: false, stop);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| seen before | {seen:0} a second |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| new, standing known | {fresh:0} a second |"));
        return 0;
    }

    private static List<HttpContext> Keys(Teller told, ServerView view, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var (token, line) = told.Key();
            view.Take(line, first: false);
            var http = new DefaultHttpContext();
            http.Request.Headers.Authorization = $"Bearer {token}";
            return http;
        }),
    ];

    private static async Task<double> MeasureAsync(ViewerAccess access, List<HttpContext> requests, TimeSpan span, bool again, CancellationToken stop)
    {
        if (again) foreach (var request in requests) await access.AdmitAsync(request);
        var (began, count) = (Stopwatch.GetTimestamp(), 0L);
        do
        {
            foreach (var request in requests)
            {
                if ((await access.AdmitAsync(request)).Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);
                count++;
            }

            stop.ThrowIfCancellationRequested();
        }
        while (again && Stopwatch.GetElapsedTime(began) < span);
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>A gateway with its key, and the feed's lines about both.</summary>
    private sealed class Teller
    {
        private const string KeyId = "gateway-1";

        private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly ContentId _content = ContentId.New();
        private long _version;

        public ServerId Server { get; } = ServerId.New();

        public FeedLine Line() => new(Guid.Empty, ++_version, _version);

        public FeedLine SigningKey() => Line() with { SigningKey = new(KeyId, JsonSerializer.SerializeToElement(JsonWebKey.Of(_signing), HostJson.Options)) };

        public (string Token, FeedLine Line) Key()
        {
            var (id, expires) = (Scdn.Format.KeyId.New(), DateTimeOffset.UtcNow.AddHours(1));
            var token = Es256.Sign(_signing, KeyId, AuthenticationKeyClaims.Type, new(id, "pseudonym", _content, [Server], expires.ToUnixTimeSeconds()), WireJson.Default.AuthenticationKeyClaims);
            return (token, Line() with { Key = new(id, _content, expires, Revoked: false) });
        }
    }

    /// <summary>Control hosts that are not asked: all is known.</summary>
    private sealed class NoGateway : IGateway
    {
        public Task<Outcome<IssuedKey>> IssueKeyAsync(KeyOrder order, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<KeyStatus>> VerifyKeyAsync(VerifyKeyRequest request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<Done>> RevokeKeyAsync(Scdn.Format.KeyId key, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<ReleasedLicence>> ReleaseLicenceAsync(LicenceRequest request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<ReleasedDownload>> ReleaseDownloadAsync(DownloadOrder order, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<DownloadStanding>> HandInReceiptsAsync(ReceiptsDelivery delivery, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<Done>> KeepContentKeyAsync(ContentKeyDeposit deposit, CancellationToken cancel) => throw new NotSupportedException();
    }

    private sealed class NoAdmin : IAdmin
    {
        public Task<Outcome<CatalogueEntry>> FindContentAsync(EntryRequest request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<IReadOnlyList<ContentSummary>>> ListContentsAsync(Done request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<SessionSummary>> OpenSessionAsync(OpenSession request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<ValidSession>> ValidateSessionAsync(SessionId session, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<Done>> EndSessionAsync(SessionId session, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<Done>> ShipRecordsAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Outcome<Done>> TakeReportAsync(PlayTold told, CancellationToken cancel) => throw new NotSupportedException();
    }
}
