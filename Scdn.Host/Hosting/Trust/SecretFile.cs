using Scdn.Format;

namespace Scdn.Host.Hosting.Trust;

/// <summary>A secret in a file of its owner only, made at the first start; two processes that start together end up with the same one.</summary>
internal static class SecretFile
{
    public static byte[] ReadOrMake(string path, Func<byte[]> make)
    {
        if (File.Exists(path)) return File.ReadAllBytes(path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        PrivateFile.WriteNew(temporary, make());
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its secret counts.
            File.Delete(temporary);
        }

        return File.ReadAllBytes(path);
    }
}
