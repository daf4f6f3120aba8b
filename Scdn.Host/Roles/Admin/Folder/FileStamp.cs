namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>What tells two states of a file apart without reading it.</summary>
internal readonly record struct FileStamp(long Length, DateTimeOffset Modified)
{
    public static FileStamp Of(FileInfo file) => new(file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
}
