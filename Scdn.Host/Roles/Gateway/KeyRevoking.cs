using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Gateway;

/// <summary>Revokes authentication keys for those who follow the feed: as long as it takes, for nobody asks them again.</summary>
internal sealed partial class KeyRevoking(IGrainStore store, TimeProvider time, ILogger<KeyRevoking> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Revokes a key; twice changes nothing.</summary>
    public async Task RevokeAsync(KeyId key, string why, CancellationToken cancel)
    {
        while (true)
        {
            if (await TryAsync(key, cancel))
            {
                LogRevoked(key, why);
                return;
            }

            await Task.Delay(RetryAfter, time, cancel);
        }
    }

    private async Task<bool> TryAsync(KeyId key, CancellationToken cancel)
    {
        try
        {
            var revoked = await store.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), state => AuthKeyGrain.Revoke(state, time.GetUtcNow()), cancel);
            return revoked.Refusal is not { Kind: RefusalKind.Unavailable };
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return false;
        }
    }

    [LoggerMessage(420, LogLevel.Information, "Revoked key {Key}: {Why}")]
    private partial void LogRevoked(KeyId key, string why);
}
