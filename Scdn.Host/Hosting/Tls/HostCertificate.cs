using Scdn.Format;

namespace Scdn.Host.Hosting.Tls;

/// <summary>What this host shows over TLS now: its own certificate, or its owner's. Looked at every ten seconds: a fresh one, or one under another key, is shown to whoever connects from then on, without a restart.</summary>
internal sealed partial class HostCertificate : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private readonly OwnCertificate? _own;
    private readonly OwnersCertificate? _owners;
    private readonly TimeProvider _time;
    private readonly ILogger<HostCertificate> _log;

    public HostCertificate(HostSettings settings, TimeProvider time, ILogger<HostCertificate> log)
    {
        (_time, _log) = (time, log);
        if (settings.Listen.Scheme != Uri.UriSchemeHttps) return;
        if (settings.Certificate is { } files) _owners = new(files, settings.NextPin);
        else _own = new(settings);
        Take(_owners?.ReadIfChanged(time.GetUtcNow()) ?? _own?.ReadIfChanged(time.GetUtcNow()));
    }

    /// <summary>The certificate; null when the host speaks plain http.</summary>
    public ServedCertificate? Current { get; private set; }

    /// <summary>What the host goes by; null when it speaks plain http.</summary>
    public KeyPins? Pins => Current?.Pins;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Current is null) return;
        using var timer = new PeriodicTimer(LookInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }

    private void Look()
    {
        try
        {
            var now = _time.GetUtcNow();
            Take(_owners is not null ? _owners.ReadIfChanged(now) : _own!.ReadIfChanged(now));
        }
        catch (Exception fault) when (fault is HostStartException or IOException or UnauthorizedAccessException)
        {
            // Half of it may be written: the other half is seen at the next look.
            LogKept(fault.Message);
        }
    }

    private void Take(ServedCertificate? fresh)
    {
        if (fresh is null) return;
        Current = fresh;
        LogShown(fresh.Pins.Shown, fresh.Pins.Successor, fresh.Ends);
    }

    [LoggerMessage(120, LogLevel.Information, "TLS: this host goes by the pin {Pin}, and after it by {Successor}; its certificate is good until {Ends:u}")]
    private partial void LogShown(KeyPin pin, KeyPin? successor, DateTimeOffset ends);

    [LoggerMessage(121, LogLevel.Warning, "TLS: the certificate stays as it was: {Reason}")]
    private partial void LogKept(string reason);
}
