using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>
/// A column of pictures, kept as copies: whoever made a picture may dispose it with a later row. A copy that was given to the reader is the
/// reader's, who may hold it for as long as the rows.
/// </summary>
/// <param name="get">The source's getter.</param>
internal sealed class KeptPictures(ValueGetter<MLImage> get) : KeptColumn
{
    private readonly List<(MLImage? Copy, bool IsGiven)> _kept = [];

    // Handing the same variable in again lets a loader upstream dispose the picture before; the object is never ours to dispose.
    private MLImage? _source;

    public override void Keep()
    {
        get(ref _source!);
        _kept.Add((Copy(_source), false));
    }

    public override void Cut(int count)
    {
        for (int i = _kept.Count - 1; i >= count; i--)
        {
            if (!_kept[i].IsGiven)
                _kept[i].Copy?.Dispose();
            _kept.RemoveAt(i);
        }
    }

    public override Delegate Getter(Func<int?> place) => new ValueGetter<MLImage>((ref MLImage value) =>
    {
        if (place() is not { } i)
        {
            get(ref value);
            return;
        }

        value = _kept[i].Copy!;
        _kept[i] = (value, true);
    });

    private static MLImage? Copy(MLImage? image)
    {
        if (image is null)
            return null;
        MLImage copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        copy.Tag = image.Tag;
        return copy;
    }
}
