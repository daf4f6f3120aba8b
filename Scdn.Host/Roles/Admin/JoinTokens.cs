using System.Buffers.Text;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>One-time tokens with which content servers join.</summary>
internal sealed class JoinTokens(IGrainStore store, ClusterDirectory directory, TimeProvider time)
{
    private const string Prefix = "scdnjoin_";
    private const int TokenSize = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The keys of the control hosts that the token may be shown to.</summary>
    private KeyPin[] Pins => [.. directory.ControlHosts.SelectMany(host => host.State.Pins?.All ?? []).Distinct()];

    public async Task<Outcome<JoinTokenAnswer>> MakeAsync(CancellationToken cancel)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenSize));
        var made = await store.ChangeAsync<JoinTokenState>(JoinTokenState.IdOf(token), state => JoinTokenGrain.Make(state, Lifetime, time.GetUtcNow()), cancel);
        return made.IsGranted(out var stored, out var refusal) ? new JoinTokenAnswer(new JoinToken(token, Pins).ToString(), stored.State.Expires) : refusal;
    }
}
