using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Tests.Samples;

/// <summary>A gateway that answers as a test says, and counts how often it was asked.</summary>
internal sealed class ScriptedGateway : IGateway
{
    public Func<VerifyKeyRequest, Outcome<KeyStatus>> Answer { get; set; } = _ => Refusal.Unavailable("No gateway answers.");

    public int Asked { get; private set; }

    public static Outcome<KeyStatus> Status(bool valid) => new KeyStatus(KeyId.New(), ContentId.New(), default, valid, valid ? null : "It was revoked.");

    public Task<Outcome<KeyStatus>> VerifyKeyAsync(VerifyKeyRequest request, CancellationToken cancel)
    {
        Asked++;
        return Task.FromResult(Answer(request));
    }

    public Task<Outcome<IssuedKey>> IssueKeyAsync(KeyOrder order, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<Done>> RevokeKeyAsync(KeyId key, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<ReleasedLicence>> ReleaseLicenceAsync(LicenceRequest request, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<ReleasedDownload>> ReleaseDownloadAsync(DownloadOrder order, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<DownloadStanding>> HandInReceiptsAsync(ReceiptsDelivery delivery, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Outcome<Done>> KeepContentKeyAsync(ContentKeyDeposit deposit, CancellationToken cancel) => throw new NotSupportedException();
}
