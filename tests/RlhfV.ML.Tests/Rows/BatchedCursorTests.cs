using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.Models;

namespace RlhfV.ML.Tests.Rows;

public sealed class BatchedCursorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Read_StreamThatGivesItsRowsOnce_AnswersEachRow(int batchSize)
    {
        BytesRow[] rows = BytesRow.Many(5);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = batchSize });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(Once(rows)));

        WholeRow[] read = [.. _ml.Data.CreateEnumerable<WholeRow>(data, reuseRowObject: false)];

        Assert.Equal(rows.Select(row => row.Number), read.Select(row => row.Number));
        Assert.All(read, row => Assert.Equal(rows[row.Number].Image, row.Image));
        Assert.Equal(rows.Select(row => TinyModel.Ask(_model, row.Prompt, row.Image)), read.Select(row => row.Caption));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Read_StreamOfPixelsPassedThrough_AnswersEachRowAndKeepsItsPicture(int batchSize)
    {
        PixelsRow[] rows = [.. Enumerable.Range(0, 5).Select(i => new PixelsRow { Image = i == 3 ? null : Picture.Image(i) })];
        rows[1].Image!.Tag = "the second";
        using CaptionTransformer transformer = Fit(new() { BatchSize = batchSize, OnBadRow = _ => { } });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(Once(rows)));

        CaptionedPixels[] read = [.. _ml.Data.CreateEnumerable<CaptionedPixels>(data, reuseRowObject: false)];

        Assert.Equal(rows.Select(row => row.Image?.Pixels.ToArray()), read.Select(row => row.Image?.Pixels.ToArray()));
        Assert.Equal("the second", read[1].Image!.Tag);
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => i == 3 ? "" : TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, Picture.Png(i))),
            read.Select(row => row.Caption));
    }

    [Fact]
    public void Read_PicturesOfALoaderThatDisposesThem_AreThoseOfTheRow()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 5; i++)
            File.WriteAllBytes(folder[$"{i}.png"], Picture.Png(i));
        IDataView files = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new FileRow { File = $"{i}.png" }).ToArray());
        using CaptionTransformer transformer = Fit(new() { BatchSize = 3 });
        IDataView data = transformer.Transform(_ml.Transforms.LoadImages("Image", folder.Path, "File").Fit(files).Transform(files));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Caption"]);
        ValueGetter<MLImage> one = cursor.GetGetter<MLImage>(data.Schema["Image"]), other = cursor.GetGetter<MLImage>(data.Schema["Image"]);
        (MLImage first, MLImage second, ReadOnlyMemory<char> text) = (null!, null!, default);

        for (int i = 0; cursor.MoveNext(); i++)
        {
            one(ref first);
            answer(ref text);
            other(ref second);
            one(ref first);

            using MLImage expected = Picture.Image(i);
            Assert.Equal(expected.Pixels, first.Pixels);
            Assert.Equal(expected.Pixels, second.Pixels);
            Assert.Equal(TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, Picture.Png(i)), text.ToString());
        }
    }

    [Fact]
    public void Read_ColumnOfATypeOfTheUsers_AnswersRowsOneAtATime()
    {
        BoxRow[] rows = [.. BytesRow.Many(3).Select(row => new BoxRow { Image = row.Image, Box = new Box { Number = row.Number } })];
        var data = new CountingView(_ml.Data.LoadFromEnumerable(rows), "Image");
        using CaptionTransformer transformer = Fit(new() { BatchSize = 3 });
        IDataView captioned = transformer.Transform(data);
        using DataViewRowCursor cursor = captioned.GetRowCursor(captioned.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(captioned.Schema["Caption"]);
        var box = cursor.GetGetter<Box>(captioned.Schema["Box"]);
        (Box value, ReadOnlyMemory<char> text) = (null!, default);

        for (int i = 0; cursor.MoveNext(); i++)
        {
            answer(ref text);
            box(ref value);
            Assert.Same(rows[i].Box, value);
            Assert.Equal(TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, rows[i].Image), text.ToString());
            Assert.Equal(i + 1, data.Values);
        }
    }

    [Fact]
    public void Read_RowsKeptAhead_AreTheSourcesOwn()
    {
        IDataView data = _ml.Data.ShuffleRows(_ml.Data.LoadFromEnumerable(BytesRow.Many(7)), seed: 5);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 3 });
        IDataView captioned = transformer.Transform(data);
        using DataViewRowCursor expected = data.GetRowCursor(data.Schema), cursor = captioned.GetRowCursor(captioned.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(captioned.Schema["Caption"]);
        (var ids, var expectedIds) = (cursor.GetIdGetter(), expected.GetIdGetter());
        (DataViewRowId id, DataViewRowId expectedId, ReadOnlyMemory<char> text, VBuffer<byte> image) = (default, default, default, default);

        while (cursor.MoveNext())
        {
            Assert.True(expected.MoveNext());
            answer(ref text);
            ids(ref id);
            expectedIds(ref expectedId);
            Assert.Equal((expected.Position, expected.Batch, expectedId), (cursor.Position, cursor.Batch, id));
            byte[] stored = Image(expected, data.Schema);

            // A getter that is asked for late, and a reader that writes into what it was given, change nothing.
            cursor.GetGetter<VBuffer<byte>>(captioned.Schema["Image"])(ref image);
            VBufferEditor.CreateFromBuffer(ref image).Values.Clear();
            Assert.Equal(stored, Image(cursor, captioned.Schema));
        }

        Assert.False(expected.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Read_SourceThatBreaksInTheMiddleOfABatch_AnswersWhatCameBeforeAndThenSaysSo()
    {
        BytesRow[] rows = BytesRow.Many(3);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 8 });
        using IEnumerator<string> captions = transformer.Transform(_ml.Data.LoadFromEnumerable(Breaking(rows))).GetColumn<string>("Caption").GetEnumerator();

        foreach (BytesRow row in rows)
        {
            Assert.True(captions.MoveNext());
            Assert.Equal(TinyModel.Ask(_model, row.Prompt, row.Image), captions.Current);
        }

        Assert.Equal("The line is dead.", Assert.Throws<IOException>(() => captions.MoveNext()).Message);
    }

    [Fact]
    public void Read_ColumnThatFailsInOneRow_FailsThereOnly()
    {
        FailingRow[] rows = [.. BytesRow.Many(4).Select(row => new FailingRow { Image = row.Image, Number = row.Number })];
        using CaptionTransformer transformer = Fit(new() { BatchSize = 3 });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Caption"]);
        var fragile = cursor.GetGetter<float>(data.Schema["Fragile"]);
        ReadOnlyMemory<char> text = default;
        float value = 0;
        string read = "";

        while (cursor.MoveNext())
        {
            answer(ref text);
            Assert.Equal(TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, rows[cursor.Position].Image), text.ToString());
            read += Record.Exception(() => fragile(ref value)) is null ? $"{value}" : "!";
        }

        Assert.Equal("0!23", read);
    }

    [Fact]
    public void Getter_CursorOnNoRow_SaysSo()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using CaptionTransformer transformer = Fit(new());
        IDataView captioned = transformer.Transform(data);
        ReadOnlyMemory<char> text = default;
        using DataViewRowCursor cursor = captioned.GetRowCursor(captioned.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(captioned.Schema["Caption"]);

        AssertRefused();
        Assert.True(cursor.MoveNext());
        answer(ref text);
        Assert.False(cursor.MoveNext());
        AssertRefused();
        Assert.False(cursor.MoveNext());

        void AssertRefused() => Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => answer(ref text)).Message);
    }

    private CaptionTransformer Fit(CaptionOptions options)
    {
        options.Generation = TinyModel.Short;
        return _ml.VisionLanguage.Caption(_model, options).Fit(_ml.Data.LoadFromEnumerable(Array.Empty<BytesRow>()));
    }

    /// <summary>Rows that are gone when they were read, as those of a queue or a database reader are.</summary>
    private static IEnumerable<T> Once<T>(IEnumerable<T> rows)
    {
        var queue = new Queue<T>(rows);
        return Read();

        IEnumerable<T> Read()
        {
            while (queue.TryDequeue(out T? row))
                yield return row;
        }
    }

    private static IEnumerable<BytesRow> Breaking(IEnumerable<BytesRow> rows)
    {
        foreach (BytesRow row in rows)
            yield return row;
        throw new IOException("The line is dead.");
    }

    private static byte[] Image(DataViewRow row, DataViewSchema schema)
    {
        VBuffer<byte> image = default;
        row.GetGetter<VBuffer<byte>>(schema["Image"])(ref image);
        return [.. image.DenseValues()];
    }

    private sealed class WholeRow
    {
        public byte[] Image { get; set; } = [];

        public int Number { get; set; }

        public string Caption { get; set; } = "";
    }

    private sealed class FailingRow
    {
        public byte[] Image { get; set; } = [];

        public int Number { get; set; }

        public float Fragile
        {
            get => Number == 1 ? throw new InvalidOperationException("It broke.") : Number;
            set => Number = (int)value;
        }
    }

    private sealed class CaptionedPixels
    {
        [ImageType(Picture.Height, Picture.Width)]
        public MLImage? Image { get; set; }

        public string Caption { get; set; } = "";
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }

    private sealed class BoxRow
    {
        public byte[] Image { get; set; } = [];

        [BoxType]
        public Box Box { get; set; } = new();
    }

    private sealed class Box
    {
        public int Number { get; set; }
    }

    private sealed class BoxDataViewType() : StructuredDataViewType(typeof(Box))
    {
        public override bool Equals(DataViewType? other) => other is BoxDataViewType;

        public override int GetHashCode() => 1;
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class BoxTypeAttribute : DataViewTypeAttribute
    {
        public override void Register() => DataViewTypeManager.Register(new BoxDataViewType(), typeof(Box), this);

        public override bool Equals(DataViewTypeAttribute? other) => other is BoxTypeAttribute;

        public override int GetHashCode() => 1;
    }
}
