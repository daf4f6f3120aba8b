using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>The publisher's signing key: ECDSA on P-256 with SHA-256. Whoever has it can publish in this name; keep it in a file of its owner only.</summary>
public sealed class PublisherKey : IDisposable
{
    private readonly ECDsa _key;

    private PublisherKey(ECDsa key)
    {
        _key = key;
        Id = PublisherId.Of(key);
    }

    /// <summary>Names the publisher; readers decide by it whom they trust.</summary>
    public PublisherId Id { get; }

    /// <summary>A fresh random key.</summary>
    public static PublisherKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads what <see cref="ExportPem"/> wrote.</summary>
    /// <exception cref="CryptographicException">It is not a private key on P-256 in PEM.</exception>
    public static PublisherKey ImportPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException("The publisher's key is not on the curve P-256.");
            return new(key);
        }
        catch (ArgumentException fault)
        {
            key.Dispose();
            throw new CryptographicException("The publisher's key is not a private key in PEM.", fault);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key as PEM (PKCS #8). A secret.</summary>
    public string ExportPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The public key: X and Y, 32 bytes each.</summary>
    public byte[] ExportPublic()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return [.. point.X!, .. point.Y!];
    }

    /// <summary>Signs; 64 bytes, r and s (IEEE P1363), as WebCrypto has it.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Lets the key go.</summary>
    public void Dispose() => _key.Dispose();
}
