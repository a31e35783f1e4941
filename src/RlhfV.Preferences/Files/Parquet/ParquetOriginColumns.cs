using System.Globalization;

namespace RlhfV.Preferences;

/// <summary>The columns that RLHF-V and RLAIF-V files share: picture and origin.</summary>
internal sealed class ParquetOriginColumns(bool integerIndex)
{
    private readonly ParquetTextColumn _name = new("ds_name");
    private readonly ParquetImageColumn _image = new("image");
    private readonly ParquetTextColumn _dataset = new("origin_dataset");
    private readonly ParquetTextColumn _split = new("origin_split");
    private readonly ParquetIntegerColumn _integerIndex = new("idx");
    private readonly ParquetTextColumn _textIndex = new("idx");
    private readonly ParquetTextColumn _imagePath = new("image_path");

    /// <summary>All columns in the order of the published files, with the answers where they stand there.</summary>
    public IReadOnlyList<ParquetColumn> Around(params ReadOnlySpan<ParquetColumn> answers) =>
        [_name, _image, .. answers, _dataset, _split, integerIndex ? _integerIndex : _textIndex, _imagePath];

    /// <summary>Adds an example to all columns and returns the size of its picture in bytes.</summary>
    /// <param name="target">The file.</param>
    /// <param name="row">The example's number, the first being 1.</param>
    /// <param name="example">The example.</param>
    /// <param name="keepLogProbs">True to keep log-probabilities with the other details, when no column holds them.</param>
    public int Add(PreferenceTarget target, int row, PreferenceExample example, bool keepLogProbs)
    {
        string? unfitId = null;
        if (!integerIndex)
            _textIndex.Add(example.Origin.Id ?? "");
        else if (ParseIndex(example.Origin.Id, out long index))
            _integerIndex.Add(index);
        else
        {
            _integerIndex.Add(row - 1);
            unfitId = example.Origin.Id;
        }

        _name.Add(example.Origin.Dataset ?? "");
        _dataset.Add(example.Origin.SourceDataset ?? "");
        _split.Add(DetailsJson.WriteOriginSplit(example, target.Options.KeepDetails, unfitId, keepLogProbs));
        _imagePath.Add(example.Image?.Path ?? "");
        return AddImage(target, row, example.Image);
    }

    private int AddImage(PreferenceTarget target, int row, PreferenceImage? image)
    {
        if (image is null)
        {
            _image.AddNull();
            return 0;
        }

        ReadOnlyMemory<byte> bytes = target.LoadImage(row, image);
        _image.Add(bytes, image.Path is { } path ? Path.GetFileName(path.Replace('\\', '/')) : null);
        return bytes.Length;
    }

    /// <summary>True for an integer in its shortest form: any other id would not come back as it was.</summary>
    private static bool ParseIndex(string? id, out long index) =>
        long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)
        && index.ToString(CultureInfo.InvariantCulture) == id;
}
