using System.Text;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Makes the operator's account at the first start: a token in a file of its owner only. A start that was cut short is completed by the next.</summary>
internal sealed partial class FirstOperator(IGrainStore store, HostSettings settings, TimeProvider time, ILogger<FirstOperator> log) : IHostedService
{
    private const string FileName = "operator.token";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(settings.DataFolder, FileName);
        if (!File.Exists(path) && (await store.ListAsync<OperatorTokenState>(after: null, limit: 1, cancellationToken)).Count > 0) return;

        var token = Encoding.ASCII.GetString(SecretFile.ReadOrMake(path, MakeToken)).Trim();
        if (await store.LoadAsync<OperatorTokenState>(OperatorTokenState.IdOf(token), cancellationToken) is not null) return;
        var created = await store.ChangeAsync<OperatorTokenState>(
            OperatorTokenState.IdOf(token), state => OperatorTokenGrain.Create(state, new OperatorTokenState("operator", time.GetUtcNow())), cancellationToken);
        if (!created.IsGranted(out _, out var refusal)) throw new HostStartException(refusal.Detail);
        LogMade(path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static byte[] MakeToken() => Encoding.ASCII.GetBytes($"{FreshToken.NewText()}\n");

    [LoggerMessage(200, LogLevel.Information, "The operator's token was made: it is in {Path}, send it as 'Authorization: Bearer TOKEN'")]
    private partial void LogMade(string path);
}
