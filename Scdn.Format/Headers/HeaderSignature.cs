using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>The header's last section: who signed, and the signature over every byte before it.</summary>
internal static class HeaderSignature
{
    public static PublisherId Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != HeaderFormat.SignaturePayloadSize) throw HeaderException.Damaged($"its signature has {payload.Length} bytes instead of {HeaderFormat.SignaturePayloadSize}");
        try
        {
            using var key = new PublicKey(payload[..HeaderFormat.PublicKeySize]);
            if (key.HasSigned(signed, payload[HeaderFormat.PublicKeySize..])) return key.Id;
        }
        catch (CryptographicException fault)
        {
            throw new HeaderException(HeaderFault.BadSignature, "The header cannot be detected: its publisher's key is not a point on the curve P-256.", fault);
        }

        throw HeaderException.Undetected(HeaderFault.BadSignature, "its bytes are not those that its publisher signed");
    }

    public static byte[] Payload(ReadOnlySpan<byte> signed, PublisherKey publisher) => [.. publisher.ExportPublic(), .. publisher.Sign(signed)];
}
