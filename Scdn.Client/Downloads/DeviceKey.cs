using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>
/// The key pairs that name this device for contents that are taken along: one that content keys are wrapped to, one that signs receipts. What is kept of downloads is sealed under a key that is derived from them and from the
/// machine's own id, so that files that were copied to another machine open nothing there, not even along with the key's file.
/// </summary>
public sealed class DeviceKey : IDisposable
{
    private const int SealingKeySize = 32;
    private const string MachineIdFile = "/etc/machine-id";

    private DeviceKey(ECDiffieHellman agreement, ECDsa signing) => (Agreement, Signing) = (agreement, signing);

    internal ECDiffieHellman Agreement { get; }

    internal ECDsa Signing { get; }

    /// <summary>Reads the device's keys, or makes them the first time, in a file that only its owner can read.</summary>
    /// <exception cref="DownloadException">The file is not one of these.</exception>
    /// <exception cref="IOException">It can't be read or made.</exception>
    public static DeviceKey LoadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(path), DownloadJson.Default.StoredDeviceKey);
            if (stored is not { Agreement: not null, Signing: not null }) throw new JsonException();
            var (agreement, signing) = (ECDiffieHellman.Create(), ECDsa.Create());
            agreement.ImportPkcs8PrivateKey(stored.Agreement, out _);
            signing.ImportPkcs8PrivateKey(stored.Signing, out _);
            return new(agreement, signing);
        }
        catch (Exception fault) when (fault is JsonException or CryptographicException)
        {
            throw new DownloadException($"{path} is not this device's key file: put it back, or remove it and download again what was downloaded.", fault);
        }
    }

    /// <summary>The key that sessions of this device are bound to, by which a site knows it again: a copy, which is the caller's to dispose of.</summary>
    internal ECDsa NewSessionKey() => ECDsa.Create(Signing.ExportParameters(includePrivateParameters: true));

    /// <summary>Lets the keys go.</summary>
    public void Dispose()
    {
        Agreement.Dispose();
        Signing.Dispose();
    }

    /// <summary>The key that a file of this device is sealed under.</summary>
    internal byte[] SealingKey(ReadOnlySpan<byte> salt)
    {
        var secret = Agreement.ExportPkcs8PrivateKey();
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SealingKeySize, salt.ToArray(), Encoding.UTF8.GetBytes($"scdn download {MachineId()}"));
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var agreement = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new StoredDeviceKey(agreement.ExportPkcs8PrivateKey(), signing.ExportPkcs8PrivateKey()), DownloadJson.Default.StoredDeviceKey);
        try
        {
            PrivateFile.WriteWhole(path, bytes);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another program of this user was faster: its keys are the device's.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>What the system calls this machine; where it says nothing, files are bound to the key alone.</summary>
    private static string MachineId()
    {
        try
        {
            return File.ReadAllText(MachineIdFile).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return OperatingSystem.IsLinux() ? "" : Environment.MachineName;
        }
    }
}
