using Scdn.Format;
using Scdn.Host.Parts;

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
            // What is sealed under it from now on is worth nothing without it.
            Durable.FlushFolder(folder);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its secret counts.
            File.Delete(temporary);
        }

        return File.ReadAllBytes(path);
    }
}
