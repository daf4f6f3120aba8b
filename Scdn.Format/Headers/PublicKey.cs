using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>A publisher's public key as it is written down: X and Y of a point on P-256, 32 bytes each.</summary>
internal sealed class PublicKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create();

    /// <exception cref="CryptographicException">It is not a point on the curve.</exception>
    public PublicKey(ReadOnlySpan<byte> point)
    {
        try
        {
            _key.ImportParameters(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[..32].ToArray(), Y = point[32..].ToArray() },
            });
            Id = PublisherId.Of(_key);
        }
        catch
        {
            _key.Dispose();
            throw;
        }
    }

    public PublisherId Id { get; }

    /// <summary>Whether this publisher signed these bytes.</summary>
    public bool HasSigned(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => _key.Dispose();
}
