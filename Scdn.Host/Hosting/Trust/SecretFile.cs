using Scdn.Format;

namespace Scdn.Host.Hosting.Trust;

/// <summary>A secret in a file of its owner only, made at the first start; two processes that start together end up with the same one.</summary>
internal static class SecretFile
{
    public static byte[] ReadOrMake(string path, Func<byte[]> make)
    {
        if (File.Exists(path)) return File.ReadAllBytes(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            // On disk before it is used: what is sealed under it from now on is worth nothing without it.
            PrivateFile.WriteWhole(path, make());
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its secret counts.
        }

        return File.ReadAllBytes(path);
    }
}
