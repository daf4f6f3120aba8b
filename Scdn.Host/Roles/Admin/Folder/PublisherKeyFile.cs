using System.Security.Cryptography;
using System.Text;
using Scdn.Format;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>The key that signs what the content folder publishes: <c>publisher.pem</c> in the data folder, made at the first start.</summary>
internal static class PublisherKeyFile
{
    public static PublisherKey Load(HostSettings settings)
    {
        var path = Path.Combine(settings.DataFolder, "publisher.pem");
        try
        {
            return PublisherKey.ImportPem(Encoding.ASCII.GetString(SecretFile.ReadOrMake(path, MakePem)));
        }
        catch (CryptographicException fault)
        {
            throw new HostStartException($"{path}: {fault.Message} Put the right file back.", fault);
        }
    }

    private static byte[] MakePem()
    {
        using var key = PublisherKey.Generate();
        return Encoding.ASCII.GetBytes(key.ExportPem());
    }
}
