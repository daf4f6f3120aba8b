using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>The file in which a device keeps what belongs to a download, sealed: magic, salt (16), nonce (12), AES-256-GCM of the JSON, tag (16).</summary>
internal static class SealedRecord
{
    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int MaxSize = 16 * 1024 * 1024;

    private static ReadOnlySpan<byte> Magic => "SCDNDLR1"u8;

    /// <summary>Writes it, whole or not at all, and has it on disk before returning.</summary>
    public static void Write(string path, DownloadRecord record, DeviceKey device)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(record, DownloadJson.Default.DownloadRecord);
        var file = new byte[Magic.Length + SaltSize + NonceSize + plain.Length + TagSize];
        Magic.CopyTo(file);
        var salt = file.AsSpan(Magic.Length, SaltSize);
        var nonce = file.AsSpan(Magic.Length + SaltSize, NonceSize);
        RandomNumberGenerator.Fill(salt);
        RandomNumberGenerator.Fill(nonce);
        using (var aes = Cipher(device, salt)) aes.Encrypt(nonce, plain, file.AsSpan(Magic.Length + SaltSize + NonceSize, plain.Length), file.AsSpan(file.Length - TagSize), Magic);
        CryptographicOperations.ZeroMemory(plain);
        PrivateFile.Replace(path, file);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="DownloadException">There is none, or it is another device's, or damaged.</exception>
    public static DownloadRecord Read(string path, DeviceKey device)
    {
        var file = ReadFile(path);
        var plain = new byte[file.Length - Magic.Length - SaltSize - NonceSize - TagSize];
        try
        {
            using var aes = Cipher(device, file.AsSpan(Magic.Length, SaltSize));
            aes.Decrypt(file.AsSpan(Magic.Length + SaltSize, NonceSize), file.AsSpan(Magic.Length + SaltSize + NonceSize, plain.Length), file.AsSpan(file.Length - TagSize), plain, Magic);
            return JsonSerializer.Deserialize(plain, DownloadJson.Default.DownloadRecord) ?? throw new JsonException();
        }
        catch (Exception fault) when (fault is CryptographicException or JsonException)
        {
            throw new DownloadException($"What is in {Path.GetDirectoryName(path)} was downloaded on another machine or by another user, or changed by somebody, and can't be played here: download {ContentBeside(path)} here.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>What the header beside it says, for people; its title is sealed.</summary>
    private static string ContentBeside(string path)
    {
        try
        {
            return $"content {Header.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, Download.HeaderFile))).Content}";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or HeaderException)
        {
            return "the content";
        }
    }

    private static byte[] ReadFile(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw new DownloadException($"There is no download in {Path.GetDirectoryName(path)}.");
        if (info.Length is > MaxSize or < 52) throw new DownloadException($"{path} is not what a download keeps: download the content again.");
        var file = File.ReadAllBytes(path);
        return file.AsSpan().StartsWith(Magic) ? file : throw new DownloadException($"{path} is not what a download keeps: download the content again.");
    }

    private static AesGcm Cipher(DeviceKey device, ReadOnlySpan<byte> salt)
    {
        var key = device.SealingKey(salt);
        var cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
