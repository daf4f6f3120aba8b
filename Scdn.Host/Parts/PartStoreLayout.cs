using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>
/// Where a part store keeps what, under one folder. No path is ever made of what a request says: requests are answered from the dictionaries that the
/// store builds from the headers it finds.
/// <code>
/// contents/{content}/{version}/header.enp   in service: header and all parts, intact when it was put there
/// contents/{content}/{version}/{part}
/// incoming/{content}/{part}                 parts that wait for the rest of their content; {part}.partial while being written
/// removed/{random}/                         out of service, about to be deleted
/// </code>
/// </summary>
internal sealed class PartStoreLayout(string folder)
{
    public const string HeaderName = "header" + Header.Extension;

    public const string PartialSuffix = ".partial";

    public string Contents { get; } = Path.Combine(folder, "contents");

    public string Incoming { get; } = Path.Combine(folder, "incoming");

    public string Removed { get; } = Path.Combine(folder, "removed");

    public string VersionFolder(ContentId content, int version) => Path.Combine(Contents, content.ToString(), version.ToString());

    public string IncomingFolder(ContentId content) => Path.Combine(Incoming, content.ToString());
}
