using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>Everything random in a split content. Tests fix it to get the same bytes again; nobody else may.</summary>
internal class Randomness
{
    public virtual PartId NewPart() => PartId.New();

    public virtual ContentKey NewKey() => ContentKey.Generate();

    public virtual byte[] NewHeaderSalt() => RandomNumberGenerator.GetBytes(KeyDerivation.SaltSize);
}
