using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Scdn.Format;
using Scdn.Host.Hosting;

namespace Scdn.Host.Tests.Samples;

/// <summary>A whole host in this process, on real sockets and a real store, started by its own command line.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ReadyWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly string _log;
    private Task<int> _run = Task.FromResult(0);

    private RunningHost(string log) => _log = log;

    public Uri Uri { get; private set; } = null!;

    /// <summary>Asks without any token.</summary>
    public HttpClient Anybody { get; private set; } = null!;

    /// <summary>Asks with the operator's token.</summary>
    public HttpClient Operator { get; private set; } = null!;

    public string Errors => _errors.ToString();

    public string Log => File.Exists(_log) ? ReadShared(_log) : "";

    public static Task<RunningHost> StartAsync(string data, string roles, params string[] options) => StartAsync(TimeProvider.System, data, roles, options);

    public static async Task<RunningHost> StartAsync(TimeProvider time, string data, string roles, params string[] options)
    {
        var log = $"{data}.{Guid.NewGuid():N}.log";
        var host = new RunningHost(log);
        string[] listen = options.Contains("--listen") ? [] : ["--listen", "http://127.0.0.1:0"];
        string[] args = ["--roles", roles, "--data", data, .. listen, "--log-file", log, .. options];
        host._run = new HostCommand(host._output, host._errors, time).RunAsync(args, host._stop.Token);
        if (await Task.WhenAny(host._run, host._output.Ready) == host._run) Assert.Fail($"The host did not start ({await host._run}): {host.Errors}\n{host.Log}");
        host.Uri = await host._output.Ready;
        host.Anybody = host.NewClient();
        host.Operator = host.NewClient();
        if (host.Uri.Scheme == "https") (await host.Anybody.GetAsync("/health")).EnsureSuccessStatusCode();
        var token = Path.Combine(data, "operator.token");
        if (File.Exists(token)) host.Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(token)).Trim());
        return host;
    }

    /// <summary>What it is known by over TLS: the test trusts whom it has started itself.</summary>
    public KeyPin Pin { get; private set; }

    private HttpClient NewClient() => new(new SocketsHttpHandler
    {
        SslOptions = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => IsStillThis((X509Certificate2)certificate!),
        },
    }) { BaseAddress = Uri };

    private bool IsStillThis(X509Certificate2 shown)
    {
        if (Pin == default) Pin = KeyPin.Of(shown);
        return Pin == KeyPin.Of(shown);
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<int> Ended => _run;

    /// <summary>Stops it as SIGTERM does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Anybody.Dispose();
        Operator.Dispose();
        _stop.Dispose();
        File.Delete(_log);
    }

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class ReadyWriter : StringWriter
    {
        private const string Prefix = "ready ";
        private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Uri> Ready => _ready.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value is not null && value.StartsWith(Prefix, StringComparison.Ordinal)) _ready.TrySetResult(new Uri(value[Prefix.Length..]));
            return base.WriteLineAsync(value);
        }
    }
}
