using System.Buffers.Text;
using System.Security.Cryptography;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>One-time tokens with which content servers join.</summary>
internal sealed class JoinTokens(IGrainStore store, TimeProvider time)
{
    private const string Prefix = "scdnjoin_";
    private const int TokenSize = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public async Task<Outcome<JoinTokenAnswer>> MakeAsync(CancellationToken cancel)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenSize));
        var made = await store.ChangeAsync<JoinTokenState>(JoinTokenState.IdOf(token), state => JoinTokenGrain.Make(state, Lifetime, time.GetUtcNow()), cancel);
        return made.IsGranted(out var stored, out var refusal) ? new JoinTokenAnswer(token, stored.State.Expires) : refusal;
    }
}
