"""Turkish surnames in common use; Faker knows sixty, a hotel's book holds thousands."""

SURNAMES_TR: tuple[str, ...] = tuple(
    """
Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan
Şimşek Polat Korkmaz Özcan Erdoğan Çakır Yavuz Can Acar Aktaş Şen Güler Yalçın Güneş Bozkurt Bulut Keskin Ünal Turan
Gül Özer Işık Kaplan Avcı Sarı Tekin Taş Köse Yüksel Ateş Aksoy Altun Karaca Duman Coşkun Tunç Kalkan Uysal Sönmez
Bayram Uzun Toprak Akın Ay Demirci Deniz Eren Gündüz Güven Kahraman Karakaya Karataş Kartal Kuş Mutlu Orhan Önal Parlak
Sevim Soylu Sucu Tan Taşkın Temel Tosun Tuna Türk Uçar Ulusoy Uslu Ünlü Varol Vural Yaman Yaşar Yazıcı Yiğit Zengin
Akar Akbaş Akbulut Akçay Akdağ Akdemir Akgül Akkaya Akkuş Akman Aksu Akyol Akyüz Albayrak Alkan Alp Altay Altıntaş
Apaydın Araz Arıkan Armağan Arı Ataman Atalay Atay Ayaz Aydemir Aydoğan Aydoğdu Aygün Ayhan Aytaç Bakır Balcı Balkan
Baran Barış Başaran Başar Batur Baykal Baysal Bektaş Berber Bilgiç Bilgin Bilir Bingöl Biçer Birinci Bolat Boz Bozdağ
Budak Burak Büyük Candan Cengiz Ceylan Cihan Civelek Çağlar Çakmak Çalık Çalışkan Çam Çınar Çiçek Çiftçi Çolak Çoban
Çömlekçi Dağ Dağlı Dal Demirbaş Demirel Demirkan Demirtaş Dere Dikmen Dilek Dinç Dinçer Doğru Doğruer Dönmez Durak Duran
Durmaz Durmuş Dursun Ece Efe Ekici Ekinci Elmas Er Eraslan Ercan Erdem Ergin Ergün Erkan Erol Ersoy Ertaş Ertürk
Eryılmaz Esen Fidan Fırat Genç Gezer Girgin Göçer Gök Gökçe Gökmen Göktaş Gönül Görgülü Göksu Güçlü Güldoğan Gülen
Gülmez Gümüş Günay Güngör Gür Gürbüz Gürel Gürsoy Güzel Hancı Hoşgör Ilgaz Ilıca Işıklı Işıldar İlhan İnal İnan İnce
İpek İşcan İyigün Kabak Kaçar Kaçmaz Kandemir Karabulut Karadağ Karadeniz Karaduman Karagöz Karahan Karakaş Karakoç
Karakuş Karaman Karaoğlu Karasu Karayel Kavak Kayhan Kaymak Keleş Kılınç Kıran Kırmızı Kızıl Kızılkaya Koca Kocabaş
Kocaman Konak Koyuncu Köksal Kök Köroğlu Kul Kurtuluş Kuru Küçük Kütük Maden Mercan Mert Meriç Metin Oğuz Okur Okumuş
Oral Orman Ormancı Ok Onat Onur Oruç Öcal Ökten Ölmez Öner Öz Özaydın Özbay Özbek Özçelik Özdoğan Özel Özen Özgür
Özkaya Özmen Öztaş Özyurt Öksüz Pala Pamuk Pehlivan Peker Pınar Sağlam Sakarya Salman Sancak Sarıkaya Savaş Saygın
Seçkin Selçuk Semerci Sert Sevinç Sezer Sezgin Soysal Süer Sürmeli Şanlı Şeker Şener Şengül Şentürk Tanrıkulu Taşçı
Taşdemir Tatar Tekeli Tepe Terzi Tetik Tok Topal Topaloğlu Topçu Topuz Toker Torun Turgut Tutar Türkmen Türkoğlu Uğur
Ulu Uludağ Ulutaş Usta Uyar Uygun Uyanık Ülker Üstün Yağcı Yağmur Yalın Yanık Yapıcı Yazgan Yener Yeşil Yeşilyurt
Yetkin Yolcu Yurt Yurdakul Yüce Yücel Yörük Zeybek Zorlu
""".split()  # noqa: SIM905 - a list of five hundred quoted words would hide the words
)
