"""Given names people born in the last sixty years carry.

Faker's lists hold every name in the book, drawn evenly, so a Russian guest is
as often an Авксентий as an Алексей. These short lists of common names are
drawn first and Faker's fill in the rest.
"""

COMMON: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    language: (tuple(men.split()), tuple(women.split()))
    for language, men, women in (
        (
            "tr",
            "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Emre Can Burak Cem "
            "Kerem Serkan Onur Tolga Volkan Hakan Fatih Selim Barış Deniz Eren Kaan Efe Yiğit Oğuz Cihan Erkan "
            "Gökhan Halil İlker Levent",
            "Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Merve Esra Büşra Özlem Derya Sibel "
            "Pınar Gül Ebru Seda İrem Ceren Defne Ela Gizem Işıl Nur Sevgi Tuğba Yasemin Selin Melis Aslı Burcu "
            "Çiğdem Dilek Filiz",
        ),
        (
            "de",
            "Thomas Michael Andreas Stefan Christian Markus Martin Peter Jürgen Klaus Uwe Jörg Sebastian Tobias "
            "Daniel Alexander Florian Jan Lukas Felix Jonas Leon Matthias Oliver Ralf Sven Torsten Frank Bernd "
            "Dieter Wolfgang",
            "Sabine Petra Monika Andrea Claudia Susanne Birgit Ursula Karin Heike Anja Katrin Nicole Stefanie "
            "Julia Anna Laura Lena Sarah Lisa Melanie Sandra Tanja Ute Silke Kerstin Martina Barbara Renate "
            "Jana Jutta Käthe",
        ),
        (
            "ru",
            "Александр Сергей Дмитрий Алексей Андрей Максим Евгений Иван Михаил Николай Владимир Артём Игорь "
            "Олег Павел Роман Денис Виктор Кирилл Юрий Антон Константин Илья Вадим Никита Станислав Руслан Егор "
            "Тимур Григорий",
            "Елена Ольга Наталья Анна Татьяна Ирина Екатерина Светлана Мария Анастасия Юлия Марина Людмила "
            "Галина Оксана Виктория Дарья Алёна Ксения Евгения Полина Вера Надежда Лариса Яна Кристина "
            "Валентина Софья Алина Жанна",
        ),
        (
            "pl",
            "Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Jakub Adam Łukasz Marek Grzegorz Mateusz "
            "Wojciech Rafał Kamil Dawid Zbigniew Jacek",
            "Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra "
            "Monika Zofia Teresa Natalia Julia Karolina Marta Beata Dorota",
        ),
    )
}
